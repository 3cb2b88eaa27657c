import Foundation
import PeriluneTestSupport
import Testing

@Suite struct SandboxOptionTests {
    @Test(
        arguments: [
            (["--profile", "strickt"], "did you mean 'strict'?"),
            (["--time-limit", "0"], "--time-limit is a number of seconds above 0, got 0.0."),
            (["--time-limit", "nan"], "--time-limit is a number of seconds above 0, got nan."),
            (["--memory-limit", "0.5"], "--memory-limit is a number of MiB of 1 or more, got 0.5."),
            (["--allow-read", "."], "--allow-read and --allow-write go with --profile strict"),
            (["--profile", "strict", "--allow-write", "nowhere"], "'nowhere' is no folder."),
        ])
    func `Options that make no sense are wrong usage`(options: [String], message: String) throws {
        let run = try ProgramRun.of("perilune", ["run"] + options + ["-e", "print(1)"])
        #expect(run.status == 2)
        #expect(run.errors.contains(message), "\(run.errors)")
        #expect(run.output == "")
    }

    @Test func `Limits hold for trusted scripts too`() throws {
        let loop = try ProgramRun.of(
            "perilune", ["run", "--time-limit", "0.3", "-e", "while true do end"], limit: 30)
        #expect(loop.status == 1)
        #expect(loop.errors.hasPrefix("perilune: (command line):1: the time limit of 0.3 s is over\n"))
        let hog = try ProgramRun.of(
            "perilune", ["run", "--memory-limit", "32", "-e", "local t = {} while true do t[#t + 1] = {} end"],
            limit: 60)
        #expect(hog.status == 1)
        #expect(hog.errors.hasPrefix("perilune: (command line):1: not enough memory: the limit is 32 MiB\n"))
        let free = try ProgramRun.of("perilune", ["run", "--time-limit", "9", "-e", "print(io ~= nil, debug ~= nil)"])
        #expect(free.output == "true\ttrue\n")
    }

    @Test func `A script's own statements have a limit and not the fits that they start`() throws {
        let script = """
            local lune = require "perilune"
            local model = lune.sequential { lune.input { 4 }, lune.dense(3) }
            model:compile { optimizer = "sgd", loss = "mse" }
            local x, y = lune.zeros(64, 4), lune.zeros(64, 3)
            local began = os.time()
            local count = 0
            local history = model:fit(x, y, { epochs = 1000000, verbose = 0, callbacks = { {
              on_epoch_end = function() count = count + 1 if os.time() - began >= 4 then return "stop" end end } } })
            print(history.end_reason, count == #history.epoch)
            while true do end
            """
        let run = try StrictRun(script, options: ["--time-limit", "2"]).run
        #expect(run.output == "stopped\ttrue\n")
        #expect(run.errors.hasPrefix("perilune: (command line):10: the time limit of 2 s is over\n"), "\(run.errors)")
    }

    @Test func `An event over its limit fails the run in order, with its place`() throws {
        let script = """
            local lune = require "perilune"
            local model = lune.sequential { lune.input { 4 }, lune.dense(3) }
            model:compile { optimizer = "sgd", loss = "mse" }
            local x, y = lune.zeros(64, 4), lune.zeros(64, 3)
            print(pcall(model.fit, model, x, y, { epochs = 3, verbose = 0, callbacks = { {
              on_epoch_end = function(epoch) if epoch == 2 then
                while true do pcall(function() while true do end end) end end
              end,
              on_exception = function(message) print(message) end,
              on_train_end = function(logs, run) print(run.end_reason) end } } }))
            print("went on")
            """
        // Time enough for all that comes before, on a machine however busy.
        let run = try StrictRun(script, options: ["--time-limit", "2"]).run
        let place = "(callback 'callbacks[1]', on_epoch_end, epoch 2)"
        let message = "(command line):7: the time limit of 2 s is over \(place)\n"
        #expect(run.output == message + "failed\n", "\(run.output)")
        #expect(run.errors.hasPrefix("perilune: " + message), "\(run.errors)")
        #expect(run.status == 1)
    }

    @Test func `Files are those of granted folders`() throws {
        let folder = try TemporaryFolder()
        let data = try folder.write("data/a.csv", "a,b\n1,2\n3,4\n")
        let secret = try folder.write("secret.csv", "a,b\n1,2\n")
        let granted = folder.url.appendingPathComponent("data").path
        let script = """
            local lune = require "perilune"
            local path, secret, granted = "\(data)", "\(secret)", "\(granted)"
            print(#lune.data.csv(path))
            print(#lune.data.csv(granted .. "/../data/a.csv"))
            print(pcall(lune.data.csv, secret))
            print(pcall(lune.data.csv, granted .. "/../secret.csv"))
            print(pcall(lune.data.csv, granted .. "/link.csv"))
            print(pcall(lune.data.csv, granted .. "2/a.csv"))
            print(pcall(lune.data.idx, secret))
            print(pcall(lune.script, secret))
            print(pcall(lune.csv_logger, granted .. "/log.csv"))
            """
        try FileManager.default.createSymbolicLink(atPath: granted + "/link.csv", withDestinationPath: secret)
        let run = try StrictRun(script, options: ["--allow-read", granted, "--time-limit", "20"]).run
        #expect(run.status == 0, "\(run.errors)")
        let lines = run.output.split(separator: "\n")
        #expect(lines.prefix(2) == ["2", "2"])
        let refusals = lines.dropFirst(2)
        #expect(refusals.count == 7)
        for line in refusals {
            #expect(line.hasPrefix("false\t"), "\(line)")
            #expect(line.contains("this script may not") || line.contains("there is no folder for"), "\(line)")
        }
        #expect(lines.last?.contains("it may write no files; --allow-write DIR grants a folder") == true)
        let writing = "require('perilune').csv_logger('\(granted)/log.csv') print('may write')"
        #expect(try StrictRun(writing, options: ["--allow-write", granted]).run.output == "may write\n")
        let trusted = try ProgramRun.of("perilune", ["-e", "print(#require('perilune').data.csv('\(secret)'))"])
        #expect(trusted.output == "1\n")
    }

    /// No limit of time reaches into the opening of a pipe that nobody writes to.
    @Test func `Pipes and devices are no files, in a granted folder too`() throws {
        let folder = try TemporaryFolder()
        let pipe = folder.path("pipe.csv")
        try #require(mkfifo(pipe, 0o600) == 0)
        let script = """
            local lune = require "perilune"
            for _, path in ipairs { "\(pipe)", "/dev/zero" } do
              print(pcall(lune.data.csv, path))
              print(pcall(lune.script, path))
              print(pcall(lune.csv_logger, path))
            end
            """
        let grants = ["--allow-write", folder.url.path, "--allow-write", "/dev", "--time-limit", "20"]
        let run = try StrictRun(script, options: grants).run
        #expect(run.status == 0, "\(run.errors)")
        let lines = run.output.split(separator: "\n")
        #expect(lines.count == 6)
        #expect(lines.allSatisfy { $0.hasPrefix("false\t") && $0.contains("is no ordinary file") }, "\(run.output)")
    }

    @Test(
        arguments: [
            "lune.zeros(1e9)",
            "pcall(lune.zeros, 1e9)",
            "local kept = {} while true do kept[#kept + 1] = lune.zeros(100000) end",
            "local kept = {} while true do kept[#kept + 1] = lune.randn(100000) end",
            "local x = lune.zeros(100000) while true do x = lune.tensor(x) "
                + "+ x:reshape(100000, 1):sum() kept = { kept, x } end",
            "local model = lune.sequential { lune.input { 2000 }, lune.dense(2000) }",
            "local m = lune.sequential { lune.input { 300 }, lune.dense(300) } m:compile "
                + "{ optimizer = 'sgd', loss = 'mse' } "
                + "m:fit(lune.zeros(2000, 300), lune.zeros(2000, 300), { batch_size = 2000, verbose = 0 })",
            "local x = lune.zeros(1200000) local data = lune.data.tensors(x, x)",
            // What else the host keeps for a script.
            "local kept = {} while true do kept[#kept + 1] = lune.dense(3) end",
            "local kept = {} for i = 1, 1e9 do kept[i] = lune.dense(3, { name = ('n'):rep(100000) .. i }) end",
            "local kept = {} for i = 1, 1e9 do kept[i] = lune.unfreeze { [('n'):rep(100000) .. i] = 2 } end",
        ])
    func `Tensors count against the limit of memory`(script: String) throws {
        let run = try StrictRun(
            "local lune = require 'perilune' " + script + " print('went on')",
            options: ["--time-limit", "60", "--memory-limit", "8"]
        ).run
        #expect(run.status == 1)
        #expect(run.output == "")
        #expect(run.errors.contains("not enough memory: the limit is 8 MiB"), "\(run.errors)")
    }

    @Test func `Tensors that nobody holds do not count`() throws {
        let script = """
            local lune = require "perilune"
            for i = 1, 60 do
              local t = lune.zeros(100000 + i) + 1
              local data = lune.data.tensors(t)
              local first, rest = data:split(0.5)
              first:shuffle()
              lune.dense(3, { name = ("n"):rep(100000) .. i })
            end
            for i = 1, 20000 do lune.dense(3) end
            print("ok")
            """
        #expect(try StrictRun(script, options: ["--time-limit", "60", "--memory-limit", "8"]).run.output == "ok\n")
    }
}
