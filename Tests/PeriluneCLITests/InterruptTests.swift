import Foundation
import PeriluneTestSupport
import Testing

@Suite struct InterruptTests {
    /// Runs a script and sends it a signal as soon as it prints `ready`.
    private func interrupted(_ script: String, by signal: Int32 = SIGINT) throws -> ProgramRun {
        let head = "local function ready() print('ready') io.stdout:flush() end\n"
        return try ProgramRun.of("perilune", ["-e", head + script], onceItPrints: "ready") { process in
            kill(process.processIdentifier, signal)
        }
    }

    private static let longFit = """
        local lune = require "perilune"
        local model = lune.sequential { lune.dense(10) }
        model:compile { optimizer = "sgd", loss = "sparse_categorical_crossentropy" }
        local history = model:fit(lune.data.digits(), { epochs = 1000000, verbose = 0, callbacks = { {
          on_train_begin = function() print("begin") end,
          on_train_batch_begin = function(batch, logs, run) if run.step == 10 then ready() end end,
          on_epoch_end = function() ended_epochs = (ended_epochs or 0) + 1 end,
          on_train_end = function(logs, run) print("end", run.end_reason, ended_epochs > 0) end,
        } } })
        print("after", history.end_reason)
        """

    @Test(arguments: [(SIGINT, Int32(130)), (SIGTERM, Int32(143))])
    func `a signal ends a fit in order`(signal: Int32, status: Int32) throws {
        let run = try interrupted(Self.longFit, by: signal)
        #expect(run.output == "begin\nready\nend\tinterrupted\ttrue\nafter\tinterrupted\n")
        #expect(run.errors == "")
        #expect(run.status == status)
    }

    @Test func `the fits that follow end at their first batch`() throws {
        let again =
            Self.longFit.replacing("ready()", with: "")
            + "\nprint(#model:fit(lune.data.digits(), { epochs = 9, verbose = 0 }))"
        let run = try interrupted(Self.longFit + "\ndo " + again + " end")
        #expect(run.output.hasSuffix("begin\nend\tinterrupted\ttrue\nafter\tinterrupted\n1\n"))
        #expect(run.status == 130)
    }

    @Test func `a callback that does not end is interrupted, and the fit ends in order`() throws {
        let loop = "ready() while true do pcall(function() while true do end end) end"
        let run = try interrupted(Self.longFit.replacing("ready()", with: loop))
        #expect(run.output == "begin\nready\nend\tinterrupted\ttrue\nafter\tinterrupted\n")
        #expect(run.errors == "")
        #expect(run.status == 130)
    }

    @Test func `so is one of a file of callbacks`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            "loop.lua",
            """
            function on_train_batch_end(batch, logs, run)
              if run.step < 20 then return end
              print('ready') io.stdout:flush()
              while true do end
            end
            """)
        let script = Self.longFit.replacing("ready()", with: "")
        let run = try ProgramRun.of(
            "perilune", ["--callbacks", path, "--trust-callbacks", "-e", script], onceItPrints: "ready"
        ) { process in
            kill(process.processIdentifier, SIGTERM)
        }
        #expect(run.output == "begin\nready\nend\tinterrupted\ttrue\nafter\tinterrupted\n")
        #expect(run.errors == "")
        #expect(run.status == 143)
    }

    @Test func `a script that does not train is stopped where it is`() throws {
        let run = try interrupted("ready()\nwhile true do end")
        #expect(run.errors.wholeMatch(of: /perilune: \(command line\):\d: interrupted\n/) != nil, "\(run.errors)")
        #expect(run.status == 130)
    }

    @Test func `a script that catches every error is stopped too`() throws {
        let run = try interrupted("ready()\nwhile true do pcall(function() while true do end end) end")
        #expect(run.errors.wholeMatch(of: /perilune: \(command line\):\d: interrupted\n/) != nil, "\(run.errors)")
        #expect(run.status == 130)
    }

    @Test func `a coroutine is stopped too`() throws {
        let loop = "coroutine.wrap(function() while true do pcall(function() while true do end end) end end)()"
        let run = try interrupted("ready()\n" + loop)
        #expect(run.errors.wholeMatch(of: /perilune: \(command line\):\d: interrupted\n/) != nil, "\(run.errors)")
        #expect(run.status == 130)
    }

    @Test func `a second signal is abrupt`() throws {
        // The first one does not reach into a finalizer.
        let script = "setmetatable({}, { __gc = function() ready() while true do end end })\ncollectgarbage()"
        let head = "local function ready() print('ready') io.stdout:flush() end\n"
        let run = try ProgramRun.of("perilune", ["-e", head + script], onceItPrints: "ready") { process in
            for _ in 0..<200 where process.isRunning {
                kill(process.processIdentifier, SIGINT)
                usleep(50_000)
            }
        }
        #expect(run.status == -SIGINT)
    }
}
