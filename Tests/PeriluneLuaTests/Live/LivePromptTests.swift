import PeriluneLua
import PeriluneLuaRuntime
import PerilunePrompt
import PeriluneTrain
import Testing

/// The prompt inside a fit, with typed lines in place of a person.
@Suite struct LivePromptTests {
    /// Types the lines, one a line, at each pause in turn; where there are none left the run goes on.
    private final class Typist {
        let live: LivePrompt
        var pauses: [[String]]
        var shown = ""
        var summaries: [String] = []

        init(_ state: LuaState, _ pauses: [[String]]) {
            self.pauses = pauses
            var show: (String) -> Void = { _ in }
            live = LivePrompt(state) { show($0) }
            state.runHooks.onInterrupt = { [unowned self] interruption in answer(interruption) }
            show = { [unowned self] in shown += $0 }
        }

        private func answer(_ interruption: Interruption) -> InterruptDecision {
            live.open(interruption)
            summaries.append(interruption.summary(position: live.position))
            var lines = pauses.isEmpty ? [] : pauses.removeFirst()
            while live.decision == nil, !lines.isEmpty { _ = live.prompt.evaluate(lines.removeFirst()) }
            return live.decision ?? .resume
        }
    }

    /// A fit of three epochs of two batches.
    private static func fit(_ callbacks: String, in state: LuaState) throws -> [LuaValue] {
        try state.run(
            """
            local history = model:fit(data, { epochs = 3, verbose = 0, batch_size = 32, validation = data,
              callbacks = { \(callbacks) } })
            return #history, history.end_reason, history.lr[#history]
            """)
    }

    @Test func `a directive opens the prompt, and what is changed there counts`() throws {
        let state = try lune(smallModel)
        let typist = Typist(state, [["optimizer.lr = 0.5", "continue"]])
        let results = try Self.fit(
            "{ name = 'mine', on_epoch_end = function(epoch) if epoch == 2 then return 'pause' end end }", in: state)
        #expect(results == [3, "finished", 0.5])
        #expect(typist.summaries.count == 1)
        #expect(typist.summaries[0].hasPrefix("paused by callback 'mine' in epoch 2 of 3, batch 2 of 2, step 4, loss "))
        #expect(typist.shown == "")
    }

    @Test func `everything of the run is there`() throws {
        let state = try lune(smallModel)
        let typist = Typist(
            state,
            [
                [
                    "run.epoch", "model == run.model", "optimizer == model.optimizer", "logs.val_loss > 0", "#history",
                    "run:evaluate(data).loss > 0", "model.layers[1].kernel:norm():item() > 0", "continue",
                ]
            ])
        _ = try Self.fit("{ on_epoch_end = function(epoch) return { pause = epoch == 2 } end }", in: state)
        #expect(typist.shown == "2\ntrue\ntrue\ntrue\n2\ntrue\ntrue\n")
    }

    @Test func `step and next pause again, stop and abort end the run`() throws {
        let state = try lune(smallModel)
        let start = "{ on_train_batch_begin = function(_, _, run) if run.step == 0 then return 'pause' end end }"
        let typist = Typist(state, [["step"], ["step 2"], ["next"], ["stop"]])
        #expect(try Self.fit(start, in: state) == [2, "interrupted", 0.01])
        #expect(
            typist.summaries.map { $0.split(separator: ", loss")[0] } == [
                "paused by callback 'callbacks[1]' in epoch 1 of 3, batch 1 of 2, step 0, lr 0.01",
                "paused in epoch 1 of 3, batch 1 of 2, step 1", "paused in epoch 2 of 3, batch 1 of 2, step 3",
                "paused after epoch 2 of 3, step 4",
            ])

        let other = try lune(smallModel)
        let aborting = Typist(other, [["abort"]])
        #expect(
            other.failure("model:fit(data, { verbose = 0, callbacks = { \(start) } })")?.message
                == "script.lua:1: aborted at the prompt (epoch 1, batch 1)")
        #expect(aborting.pauses.isEmpty)
    }

    @Test func `what is mistyped is told and ends nothing`() throws {
        let state = try lune(smallModel)
        let typist = Typist(
            state, [["error('no')", "step none", "next x", "nothing.at.all", "optimizer.lr = -1", "continue"]])
        let results = try Self.fit(
            "{ on_epoch_begin = function(epoch) return epoch == 1 and 'pause' or nil end }", in: state)
        #expect(results[1] == "finished")
        for text in ["no", "step takes a number of batches", "next takes nothing, got 'x'", "'nothing'", "-1"] {
            #expect(typist.shown.contains(text), "\(text) in \(typist.shown)")
        }
    }

    @Test func `a breakpoint opens it in the middle of the callback`() throws {
        let state = try lune(smallModel)
        for call in ["run:prompt()", "lune.prompt()"] {
            let typist = Typist(state, [["seen = run.batch .. ' ' .. tostring(done)", "continue"]])
            _ = try Self.fit(
                "{ on_train_batch_end = function(batch, logs, run)\nif run.step == 1 then "
                    + "\(call) done = true end end }",
                in: state)
            #expect(state[global: "seen"] == "1 nil")
            #expect(state[global: "done"] == true)
            #expect(
                typist.summaries[0].hasPrefix("breakpoint at script.lua:3 in epoch 1 of 3, batch 1 of 2, step 1, loss ")
            )
            try state.run("done = nil " + smallModel)
        }
    }

    @Test func `a breakpoint shows the locals of the callback`() throws {
        let state = try lune(smallModel)
        let typist = Typist(state, [["mine, outer, batch, run.step", "mine = 5", "continue"], ["mine", "continue"]])
        try state.run(
            """
            local outer = "around"
            model:fit(data, { verbose = 0, batch_size = 32, callbacks = { { on_train_batch_end \
            = function(batch, logs, run)
              local mine = batch * 10
              if outer then run:prompt() end
              seen = mine
            end } } })
            """)
        #expect(typist.shown == "10\n\"around\"\n1\n1\n20\n")
        #expect(state[global: "seen"] == 20)
    }

    @Test func `with nobody to type it is an error that says so`() throws {
        let state = try lune(smallModel)
        let reason = "opens the live prompt, which needs a terminal, and this program has none"
        #expect(
            state.failure(
                "model:fit(data, { verbose = 0, callbacks = { { on_epoch_end = function()\nreturn 'pause' end } } })")?
                .message == "script.lua:1: 'pause' \(reason) (callback 'callbacks[1]', on_epoch_end, epoch 1)")
        #expect(
            state.failure(
                "model:fit(data, { verbose = 0, callbacks = { { on_epoch_end = "
                    + "function(_, _, run)\nrun:prompt() end } } })"
            )?.message == "script.lua:2: a breakpoint \(reason) (callback 'callbacks[1]', on_epoch_end, epoch 1)")
        #expect(state.failure("\nlune.prompt()")?.message == "script.lua:2: a breakpoint \(reason)")
    }

    @Test func `outside of a fit a host's prompt opens`() throws {
        let state = try lune(smallModel)
        var opened = 0
        state.runHooks.onPrompt = { opened += 1 }
        try state.run("lune.prompt() lune.prompt()")
        #expect(opened == 2)
    }

    @Test func `callbacks come and go`() throws {
        let state = try lune(smallModel)
        let typist = Typist(
            state,
            [
                [
                    "#run.callbacks", "run.callbacks[1].name", "gone = run:remove_callback('first')", "#run.callbacks",
                    "run:add_callback { name = 'new', on_epoch_end = function(epoch) new = epoch end }",
                    "run:remove_callback('frist')", "run:add_callback { on_epoch_edn = print }", "continue",
                ],
                ["run:add_callback(gone)", "run:remove_callback(run.callbacks[2])", "continue"],
            ])
        _ = try Self.fit(
            """
            { name = "first", on_epoch_end = function(epoch) first = (first or "") .. epoch end },
            { name = "pausing", on_epoch_begin = function(epoch) if epoch > 1 then return "pause" end end }
            """, in: state)
        #expect(state[global: "first"] == "13")
        #expect(state[global: "new"] == 2)
        #expect(typist.shown.hasPrefix("2\n\"first\"\n1\n"))
        #expect(typist.shown.contains("no such callback in this run; there are pausing, new"))
        #expect(typist.shown.contains("did you mean 'on_epoch_end'?"))
    }
}
