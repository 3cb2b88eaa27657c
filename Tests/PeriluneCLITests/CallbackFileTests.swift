import Foundation
import PeriluneTestSupport
import Testing

/// `perilune --callbacks steering.lua train.lua`
@Suite struct CallbackFileTests {
    /// A script that trains for `epochs` epochs; `between` is Lua that runs at the end of each.
    private static func training(epochs: Int, between: String = "") -> String {
        """
        local lune = require "perilune"
        secret = 42
        local model = lune.sequential { lune.dense(3) }
        model:compile { optimizer = "sgd", loss = "sparse_categorical_crossentropy" }
        local function write(name, text)
          local file = io.open(name .. ".new", "wb") file:write(text) file:close()
          os.rename(name .. ".new", name)
        end
        print("begin", ...)
        local history = model:fit(lune.data.iris(), { epochs = \(epochs), verbose = 0, callbacks = {
          { on_epoch_end = function(epoch) \(between) end } } })
        print("end", #history.epoch, history.end_reason, history.stop_reason)
        """
    }

    private func run(
        _ files: [String: String], _ arguments: String...
    ) throws -> ProgramRun {
        let folder = try TemporaryFolder()
        for (name, text) in files { _ = try folder.write(name, text) }
        return try ProgramRun.of(arguments, in: folder.url)
    }

    @Test(arguments: [
        ["--callbacks", "steer.lua", "train.lua", "a"], ["run", "--callbacks", "steer.lua", "train.lua", "a"],
        ["train.lua", "--callbacks", "steer.lua", "a"], ["--callbacks", "steer.lua", "--", "train.lua", "a"],
        ["--trust-callbacks", "--callbacks", "steer.lua", "train.lua", "a"],
        ["train.lua", "--callbacks", "steer.lua", "--trust-callbacks", "a"],
    ]) func `a file beside the script steers its fits`(arguments: [String]) throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("train.lua", Self.training(epochs: 5))
        _ = try folder.write(
            "steer.lua",
            """
            function on_epoch_end(epoch, logs, run)
              print("steer", epoch, logs.loss > 0, run.model.layers[1].kernel.shape[1], secret)
              if epoch == 2 then return { stop = "enough" } end
            end
            """)
        let run = try ProgramRun.of(arguments, in: folder.url)
        #expect(run.errors == "")
        #expect(
            run.output == """
                begin\ta
                steer\t1\ttrue\t4\tnil
                steer\t2\ttrue\t4\tnil
                end\t2\tstopped\tenough

                """)
        #expect(run.status == 0)
    }

    @Test(arguments: [([], "nil\tnil\tfunction"), (["--trust-callbacks"], "table\ttable\tfunction")])
    func `a file is strict unless it is trusted`(flags: [String], expected: String) throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("train.lua", Self.training(epochs: 1))
        _ = try folder.write(
            "steer.lua",
            """
            local lune = require "perilune"
            function on_epoch_end() print(type(io), type(debug), type(lune.dense)) end
            """)
        let run = try ProgramRun.of(["--callbacks", "steer.lua"] + flags + ["train.lua"], in: folder.url)
        #expect(run.output == "begin\n\(expected)\nend\t1\tfinished\tnil\n")
        #expect(run.errors == "")
    }

    @Test(arguments: [
        (
            ["--time-limit", "0.2"], "while true do pcall(function() while true do end end) end",
            "the time limit of 0.2 s"
        ),
        (
            ["--memory-limit", "3"], "local t = {} for i = 1, 1e7 do t[i] = { i } end",
            "not enough memory: the limit is 3"
        ),
    ]) func `limits bind files of callbacks too`(limits: [String], code: String, expected: String) throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("train.lua", Self.training(epochs: 2) + "\nprint('unreached')")
        _ = try folder.write("steer.lua", "function on_epoch_end()\n\(code) end")
        let run = try ProgramRun.of(limits + ["--callbacks", "steer.lua", "train.lua"], in: folder.url)
        #expect(run.errors.hasPrefix("perilune: steer.lua:2: \(expected)"), "\(run.errors)")
        #expect(run.output == "begin\n")
        #expect(run.status == 1)
        // The file's own statements are bound as well.
        _ = try folder.write("steer.lua", code)
        let loading = try ProgramRun.of(limits + ["--callbacks", "steer.lua", "train.lua"], in: folder.url)
        #expect(loading.errors.hasPrefix("perilune: steer.lua:1: \(expected)"), "\(loading.errors)")
        #expect(loading.output == "")
        #expect(loading.status == 1)
    }

    @Test func `an edit that does not end in time keeps the old version`() throws {
        let run = try run(
            [
                "train.lua": Self.training(epochs: 2, between: "write('steer.lua', 'while true do end')"),
                "steer.lua": "function on_epoch_end(epoch) print('one', epoch) end",
            ], "--time-limit", "0.3", "--reload", "--callbacks", "steer.lua", "train.lua")
        #expect(run.output == "begin\none\t1\none\t2\nend\t2\tfinished\tnil\n")
        #expect(
            run.errors == "steer.lua: the edit does not work, so the version before stays: steer.lua:1: "
                + "the time limit of 0.3 s is over\n")
    }

    @Test func `several files join, and keep what they know over several fits`() throws {
        let run = try run(
            [
                "train.lua": Self.training(epochs: 1) + "\nmodel:fit(lune.data.iris(), { verbose = 0 })",
                "a.lua": "count = 0 function on_epoch_end() count = count + 1 print('a', count) end",
                "b.lua": "function on_epoch_end(epoch, logs) print('b', count) end",
            ], "--callbacks", "a.lua", "--callbacks", "b.lua", "train.lua")
        #expect(run.output == "begin\na\t1\nb\tnil\nend\t1\tfinished\tnil\na\t2\nb\tnil\n")
        #expect(run.errors == "")
    }

    @Test(
        arguments: [
            (nil, "cannot open steer.lua: No such file or directory\n"),
            (
                "function on_epoch_end(",
                "steer.lua:1: <name> or '...' expected near <eof>\n1 | function on_epoch_end(\n"
            ),
            ("\nlocal x = nothing.here", "steer.lua:2: attempt to index a nil value (global 'nothing')\n"),
            (
                "function on_epoch_ends() end",
                "steer.lua:1: unknown event 'on_epoch_ends'; did you mean 'on_epoch_end'?\n"
            ),
            ("x = 1", "steer.lua has no function for an event; events are on_train_begin, "),
        ] as [(String?, String)]) func `what is wrong with a file shows before the script runs`(
            text: String?, expected: String
        ) throws
    {
        let files = ["train.lua": Self.training(epochs: 1)].merging(text.map { ["steer.lua": $0] } ?? [:]) { $1 }
        let run = try run(files, "--callbacks", "steer.lua", "train.lua")
        #expect(run.errors.hasPrefix("perilune: " + expected), "\(run.errors)")
        #expect(run.output == "")
        #expect(run.status == 1)
    }

    @Test func `an error of a file's function has its place, and ends the fit in order`() throws {
        let run = try run(
            [
                "train.lua": Self.training(epochs: 3),
                "steer.lua": "function on_epoch_end(epoch)\n  if epoch == 2 then error('boom') end\nend\n"
                    + "function on_train_end(logs, run) print(run.end_reason) end",
            ], "--callbacks", "steer.lua", "train.lua")
        #expect(
            run.errors.hasPrefix("perilune: steer.lua:2: boom (callback 'steer.lua', on_epoch_end, epoch 2)\n"),
            "\(run.errors)")
        #expect(run.output == "begin\nfailed\n")
        #expect(run.status == 1)
    }

    @Test func `an edited file is read again, with its state`() throws {
        let version = "function on_epoch_end(epoch) state.n = (state.n or 0) + 1 print('V', epoch, state.n) end"
        let between = """
            if epoch == 2 then write("steer.lua", [[\(version.replacing("V", with: "two"))]]) end
            if epoch == 3 then write("steer.lua", "function on_epoch_end(") end
            if epoch == 5 then os.remove("steer.lua") end
            if epoch == 6 then write("steer.lua", [[\(version.replacing("V", with: "six"))]]) end
            """
        let run = try run(
            [
                "train.lua": Self.training(epochs: 7, between: between),
                "steer.lua": version.replacing("V", with: "one"),
            ],
            "train.lua", "--callbacks", "steer.lua", "--reload")
        #expect(
            run.output == """
                begin
                one\t1\t1
                one\t2\t2
                two\t3\t3
                two\t4\t4
                two\t5\t5
                two\t6\t6
                six\t7\t7
                end\t7\tfinished\tnil

                """)
        #expect(
            run.errors == """
                steer.lua: read again
                steer.lua: the edit does not work, so the version before stays: steer.lua:1: \
                <name> or '...' expected near <eof>
                1 | function on_epoch_end(
                  |                       ^
                steer.lua: read again

                """)
        #expect(run.status == 0)
    }

    @Test func `a signal stops a file's function that does not end, and the fit ends in order`() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("train.lua", Self.training(epochs: 3))
        _ = try folder.write(
            "steer.lua",
            """
            function on_train_batch_begin(batch) if batch == 2 then
              print("ready") io.stdout:flush()
              while true do pcall(function() while true do end end) end
            end end
            function on_train_end(logs, run) print(run.end_reason) end
            """)
        let run = try ProgramRun.of(
            "perilune", ["--callbacks", "steer.lua", "--trust-callbacks", "train.lua"], in: folder.url,
            onceItPrints: "ready"
        ) { kill($0.processIdentifier, SIGINT) }
        #expect(run.output == "begin\nready\ninterrupted\nend\t1\tinterrupted\tinterrupted\n")
        #expect(run.errors == "")
        #expect(run.status == 130)
    }

    @Test func `without being asked nothing is read again`() throws {
        let run = try run(
            [
                "train.lua": Self.training(epochs: 2, between: "write('steer.lua', 'error()')"),
                "steer.lua": "function on_epoch_end(epoch) print('one', epoch) end",
            ], "--callbacks", "steer.lua", "train.lua")
        #expect(run.output == "begin\none\t1\none\t2\nend\t2\tfinished\tnil\n")
        #expect(run.errors == "")
    }

    @Test(arguments: [
        ["--reload", "train.lua"], ["--trust-callbacks", "train.lua"], ["train.lua", "--callbacks"],
        ["--callbacks"], ["--allow-read", ".", "--trust-callbacks", "--callbacks", "train.lua", "train.lua"],
    ]) func `wrong usage ends with 2`(arguments: [String]) throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("train.lua", "print('ran')")
        let run = try ProgramRun.of(arguments, in: folder.url)
        #expect(run.errors.hasPrefix("Error: "), "\(run.errors)")
        #expect(run.output == "")
        #expect(run.status == 2)
    }

    @Test func `the script's own options are its own`() throws {
        let run = try run(["train.lua": "print(...)"], "train.lua", "--reload", "--callbacks", "x")
        #expect(run.output == "--reload\t--callbacks\tx\n")
        #expect(run.status == 0)
    }
}
