import Foundation
import Testing

/// Ctrl-C in a fit at a terminal, and what the live prompt there does.
@Suite struct LivePromptTerminalTests {
    /// A fit that prints `ready` at its tenth step and goes on until somebody ends it.
    private static func longFit(_ callback: String = "on_epoch_end = function() end", epochs: Int = 1_000_000) -> String
    {
        """
        local lune = require "perilune"
        local model = lune.sequential { lune.dense(10) }
        model:compile { optimizer = lune.sgd { lr = 0.01 }, loss = "sparse_categorical_crossentropy" }
        local history = model:fit(lune.data.digits(), { epochs = \(epochs), verbose = 0, callbacks = {
          { on_train_batch_end = function(batch, logs, run)
              if run.step == 10 then print("ready") io.stdout:flush() end
              if tell then print("going") io.stdout:flush() tell = nil end
            end,
            on_train_end = function(logs, run) print("end", run.end_reason) end },
          { name = "mine", \(callback) },
        } })
        print("after", history.end_reason, model.optimizer.lr)
        """
    }

    private func start(_ script: String) throws -> PseudoTerminal {
        let terminal = try PseudoTerminal("perilune", ["-e", script])
        try terminal.expect("ready\n")
        return terminal
    }

    @Test func `Ctrl-C opens the prompt, and what is changed there is in the result`() throws {
        let terminal = try start(Self.longFit())
        terminal.type(PseudoTerminal.controlC)
        try terminal.expect("paused ")
        try terminal.expect("continue, step [n], next, stop or abort")
        try terminal.expect("run> ")
        terminal.enter("optimizer.lr = 0.25")
        terminal.enter("run.params.batch_size, optimizer.lr")
        try terminal.expect("32\n0.25\n")
        terminal.enter("tell = true")
        terminal.enter("continue")
        // A key that comes before the line is read would take it away.
        try terminal.expect("going\n")
        // The next Ctrl-C is a first one again.
        terminal.type(PseudoTerminal.controlC)
        try terminal.expect("paused ")
        try terminal.expect("run> ")
        terminal.enter("stop")
        try terminal.expect("end\tinterrupted\n")
        try terminal.expect("after\tinterrupted\t0.25\n")
        #expect(try terminal.end() == 0)
    }

    @Test func `step and next pause again, and the run goes on to its end`() throws {
        let terminal = try PseudoTerminal(
            "perilune",
            [
                "-e",
                Self.longFit(
                    "on_train_batch_end = function(b, l, run) if run.step == 12 then run:prompt() end end", epochs: 2),
            ])
        try terminal.expect("breakpoint at (command line):10 in epoch 1 of 2, batch 12 of 57, step 12, loss ")
        try terminal.expect("run> ")
        terminal.enter("step 2")
        try terminal.expect("paused in epoch 1 of 2, batch 13 of 57, step 13, loss ")
        terminal.enter("step")
        try terminal.expect("paused in epoch 1 of 2, batch 14 of 57, step 14, loss ")
        terminal.enter("next")
        try terminal.expect("paused after epoch 1 of 2, step 57, loss ")
        terminal.enter("next")
        try terminal.expect("paused after epoch 2 of 2, step 114, loss ")
        terminal.type(PseudoTerminal.controlD)
        try terminal.expect("continue\nend\tfinished\n")
        #expect(try terminal.end() == 0)
    }

    @Test func `a second Ctrl-C ends the run in order, a third the program`() throws {
        // One long call of a C function, within which nothing can be interrupted.
        let sorting = """
            on_train_batch_begin = function(b, l, run)
              if run.step ~= 12 then return end
              local t = {}
              for i = 1, 4e6 do t[i] = i * 7919 % 4000037 end
              print('in') io.stdout:flush()
              table.sort(t)
            end
            """
        let twice = try start(Self.longFit(sorting))
        try twice.expect("in\n")
        for _ in 1...2 { twice.interrupt() }
        try twice.expect("end\tinterrupted\nafter\tinterrupted")
        #expect(try twice.end() == 130)

        let thrice = try start(Self.longFit(sorting))
        try thrice.expect("in\n")
        for _ in 1...3 { thrice.interrupt() }
        #expect(try thrice.end() == -SIGINT)
    }

    @Test func `a callback that does not end is interrupted, and the run goes on`() throws {
        let looping = "if run.step == 12 then print('in') io.stdout:flush() end"
        let terminal = try start(
            Self.longFit(
                "on_train_batch_end = function(b, l, run) \(looping)\nwhile run.step == 12 and not enough do end end"))
        try terminal.expect("in\n")
        terminal.type(PseudoTerminal.controlC)
        try terminal.expect(
            "(command line):11: interrupted (callback 'mine', on_train_batch_end, epoch 1, batch 12)\npaused in epoch 1"
        )
        try terminal.expect("run> ")
        terminal.enter("enough = true")
        terminal.enter("stop")
        try terminal.expect("after\tinterrupted")
        #expect(try terminal.end() == 0)
    }

    @Test func `a second Ctrl-C interrupts a callback at once, also one that catches errors`() throws {
        let terminal = try start(
            Self.longFit(
                """
                on_train_batch_end = function(b, l, run)
                  if run.step == 12 then print('in') io.stdout:flush() end
                  while run.step == 12 do pcall(function() while true do end end) end
                end
                """))
        try terminal.expect("in\n")
        for _ in 1...2 { terminal.interrupt() }
        try terminal.expect("end\tinterrupted\nafter\tinterrupted")
        #expect(try terminal.end() == 130)
    }

    @Test func `errors and endless loops at the prompt end nothing`() throws {
        let terminal = try start(Self.longFit())
        terminal.type(PseudoTerminal.controlC)
        try terminal.expect("run> ")
        terminal.enter("error('mine')")
        try terminal.expect("mine\n")
        terminal.enter("print('loop' .. 'ing') while true do end")
        try terminal.expect("looping\n")
        terminal.type(PseudoTerminal.controlC)
        try terminal.expect("interrupted\n")
        terminal.enter("run:prompt()")
        try terminal.expect("the run stands still at its prompt already")
        terminal.enter("print('evaluat' .. 'ing') for i = 1, 1e9 do run:evaluate(lune.data.digits()) end")
        try terminal.expect("evaluating\n")
        terminal.type(PseudoTerminal.controlC)
        try terminal.expect("interrupted")
        terminal.enter("abort")
        try terminal.expect("end\tfailed\n")
        try terminal.expect("perilune: (command line):4: aborted at the prompt (epoch ")
        #expect(try terminal.end() == 1)
    }

    @Test func `SIGTERM ends the run in order, at a prompt too`() throws {
        let running = try start(Self.longFit())
        kill(running.process, SIGTERM)
        try running.expect("after\tinterrupted")
        #expect(try running.end() == 143)

        let paused = try start(Self.longFit())
        paused.type(PseudoTerminal.controlC)
        try paused.expect("run> ")
        kill(paused.process, SIGTERM)
        try paused.expect("after\tinterrupted")
        #expect(try paused.end() == 143)
    }

    @Test func `a breakpoint outside of a fit opens a prompt`() throws {
        let terminal = try PseudoTerminal(
            "perilune", ["-e", "local lune = require 'perilune'\nlune.prompt()\nprint('on', answer)"])
        try terminal.expect("breakpoint at (command line):2\n")
        terminal.enter("answer = 6 * 7")
        terminal.enter("continue")
        try terminal.expect("on\t42\n")
        #expect(try terminal.end() == 0)
    }

    @Test func `a fit that was started at the prompt opens another within it`() throws {
        let terminal = try PseudoTerminal("perilune", ["repl", "--no-init"])
        try terminal.expect("> ")
        terminal.enter("print('loop' .. 'ing') while true do end")
        try terminal.expect("looping\n")
        terminal.type(PseudoTerminal.controlC)
        try terminal.expect("interrupted\n")
        terminal.enter(Self.longFit().replacing("\n", with: " "))
        try terminal.expect("ready\n")
        terminal.type(PseudoTerminal.controlC)
        try terminal.expect("run> ")
        terminal.enter("stop")
        try terminal.expect("after\tinterrupted")
        try terminal.expect("> ")
        // Everything is as before.
        terminal.enter("20 + 22")
        try terminal.expect("42\n")
        terminal.enter(Self.longFit().replacing("\n", with: " "))
        try terminal.expect("ready\n")
        terminal.type(PseudoTerminal.controlC)
        try terminal.expect("run> ")
        terminal.enter("stop")
        try terminal.expect("after\tinterrupted")
        terminal.enter(":quit")
        #expect(try terminal.end() == 0)
    }

    @Test func `the progress bar is left alone`() throws {
        let terminal = try PseudoTerminal(
            "perilune", ["-e", Self.longFit().replacing("verbose = 0", with: "verbose = 1")])
        try terminal.expect("/57 ")
        terminal.type(PseudoTerminal.controlC)
        // The terminal echoes the key itself, which shows as nothing, wherever it happens to come.
        let shown = try terminal.expect("paused ").replacing(PseudoTerminal.controlC, with: "")
        #expect(shown.hasSuffix("\npaused "))
        #expect(!shown.contains("^C"))
        try terminal.expect("run> ")
        terminal.enter("stop")
        #expect(try terminal.end() == 0)
    }
}
