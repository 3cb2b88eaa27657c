import Foundation
import PeriluneTestSupport
import Testing

/// Checkpoints as a user meets them: on the command line, on a full disk, from Python.
@Suite struct CheckpointTests {
    private static let script = """
        local lune = require "perilune"
        lune.seed(3)
        local train, val = lune.data.digits():take(200):split(0.8)
        local model = lune.sequential { lune.dense(16, { activation = "relu" }), lune.dropout(0.2), lune.dense(10) }
        model:compile { optimizer = "adam", loss = "sparse_categorical_crossentropy" }
        local history = model:fit(train, { epochs = EPOCHS, batch_size = 20, validation = val, verbose = 0, \
        callbacks = {
          { on_train_batch_end = function(batch, logs, run) io.stdout:write("step\\n"):flush() end },
          lune.model_checkpoint { dir = "saved", every = { steps = 4 }, keep_last = 3 },
        } })
        model:save_weights("weights.safetensors")
        io.stderr:write(string.format("%s %.17g %d\\n", history.end_reason, history.loss[#history.loss], \
        #history.epoch))
        """

    private func write(_ folder: TemporaryFolder, epochs: Int = 3) throws {
        _ = try folder.write("train.lua", Self.script.replacing("EPOCHS", with: "\(epochs)"))
    }

    private func run(_ arguments: [String], in folder: TemporaryFolder) throws -> ProgramRun {
        try ProgramRun.of("perilune", arguments, in: folder.url)
    }

    private func newest(_ folder: TemporaryFolder) throws -> String {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path("saved"))
        return folder.path("saved/" + (names.filter { $0.hasPrefix("step-") }.max() ?? ""))
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func `a run that a signal ended goes on as if nothing had happened`(signal: Int32) throws {
        let whole = try TemporaryFolder()
        try write(whole)
        let expected = try run(["train.lua"], in: whole)
        let broken = try TemporaryFolder()
        try write(broken)
        let ended = try ProgramRun.of("perilune", ["train.lua"], in: broken.url, onceItPrints: "step") { process in
            kill(process.processIdentifier, signal)
        }
        #expect(ended.errors.hasPrefix("interrupted "))
        let resumed = try run(["train.lua", "--resume", "saved"], in: broken)
        #expect(resumed.errors.hasPrefix("going on from saved/step-"))
        #expect(resumed.errors.split(separator: "\n").last == expected.errors.split(separator: "\n").last)
        #expect(
            FileManager.default.contentsEqual(
                atPath: broken.path("weights.safetensors"), andPath: whole.path("weights.safetensors")))
    }

    @Test func `a damaged checkpoint is named and passed over, and with none left it is an error`() throws {
        let folder = try TemporaryFolder()
        try write(folder)
        let first = try run(["train.lua"], in: folder)
        let damaged = try newest(folder)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: damaged))
        bytes[bytes.count / 2] ^= 4
        try bytes.write(to: URL(fileURLWithPath: damaged))
        let second = try run(["--resume", "saved", "train.lua"], in: folder)
        #expect(second.errors.contains("is damaged: its checksum does not match; trying the checkpoint before it\n"))
        #expect(second.errors.split(separator: "\n").last == first.errors.split(separator: "\n").last)
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path("saved")) {
            try Data().write(to: URL(fileURLWithPath: folder.path("saved/" + name)))
        }
        let third = try run(["train.lua", "--resume", "saved"], in: folder)
        #expect(third.errors.contains("is empty"))
        #expect(third.errors.contains("perilune: train.lua:"))
        #expect(third.errors.contains("saved: none of its 3 checkpoints is whole"))
        #expect(third.output == "")
        #expect(third.status == 1)
    }

    @Test func `more than a process may write ends in a clear error and leaves the old checkpoint whole`() throws {
        let folder = try TemporaryFolder()
        try write(folder, epochs: 1)
        #expect(try run(["train.lua"], in: folder).status == 0)
        try write(folder, epochs: 2)
        let program = ProgramRun.directory.appendingPathComponent("perilune").path
        let limited = try ProgramRun.of(
            "/bin/sh", ["-c", "ulimit -f 8; exec '\(program)' train.lua --resume saved"], in: folder.url)
        #expect(limited.errors.contains("cannot be written: "), "\(limited.errors)")
        #expect(limited.errors.contains("more than this process may write to a file"))
        #expect(limited.errors.contains("callback 'model_checkpoint'"))
        #expect(limited.status == 1)
        let resumed = try run(["train.lua", "--resume", "saved"], in: folder)
        #expect(resumed.errors.hasPrefix("going on from saved/step-00000008.safetensors: epoch 1, step 8"))
        #expect(resumed.status == 0)
    }

    @Test func `weights that do not fit say which`() throws {
        let folder = try TemporaryFolder()
        try write(folder, epochs: 1)
        #expect(try run(["train.lua"], in: folder).status == 0)
        func message(_ layers: String, _ file: String = "weights.safetensors") throws -> String {
            try run(
                [
                    "-e",
                    "local lune = require 'perilune' local m = lune.sequential { lune.input { 64 }, \(layers) } "
                        + "m:load_weights('\(file)') print(m.layers[1].kernel:norm():item())",
                ], in: folder
            ).errors
        }
        #expect(try message("lune.dense(16), lune.dense(10)") == "")
        #expect(try message("lune.dense(16), lune.dense(10)", newest(folder)) == "")
        #expect(
            try message("lune.dense(15), lune.dense(10)").contains(
                "weights.safetensors: has 'dense/kernel' of shape [64, 16], the model has [64, 15]"))
        #expect(
            try message("lune.dense(16, { name = 'dens' }), lune.dense(10)").contains(
                "weights.safetensors: has no weight 'dens/kernel'; did you mean 'dense/kernel'?"))
        // What the model has no use for does no harm, and is told of.
        #expect(try message("lune.dense(16)") == "")
        let unused = try run(
            [
                "-e",
                "local lune = require 'perilune' local m = lune.sequential { lune.input { 64 }, lune.dense(16) } "
                    + "print(table.concat(m:load_weights('weights.safetensors'), ' '))",
            ], in: folder
        ).output
        #expect(unused == "dense_1/kernel dense_1/bias\n")
        #expect(try message("lune.dense(16)", "none").contains("none: cannot be read: No such file or directory"))
    }

    @Test func `a strict script writes and reads checkpoints in granted folders only`() throws {
        let folder = try TemporaryFolder()
        let script = """
            local lune = require "perilune"
            local model = lune.sequential { lune.input { 64 }, lune.dense(10) }
            model:compile { optimizer = "sgd", loss = "sparse_categorical_crossentropy" }
            local function fit(callback, resume)
              local ok, message = pcall(model.fit, model, lune.data.digits():take(64), {
                verbose = 0, resume = resume, callbacks = { callback } })
              print(ok, ok or message:match("may not (%a+)"))
            end
            fit(lune.model_checkpoint { dir = "out/a/b" })
            fit { on_epoch_end = function() return { save = "out/c.safetensors" } end }
            fit { on_epoch_end = function() return { save = "d.safetensors" } end }
            fit { on_epoch_end = function() return { restore = "d.safetensors" } end }
            fit({}, "elsewhere")
            print(pcall(lune.model_checkpoint, { dir = "elsewhere" }))
            print(pcall(model.save_weights, model, "w.safetensors"))
            """.replacing("fit({},", with: "fit({ on_epoch_end = print },")
        try FileManager.default.createDirectory(atPath: folder.path("out"), withIntermediateDirectories: false)
        let path = try folder.write("s.lua", script)
        let strict = try run(["run", "--profile", "strict", "--allow-write", "out", path], in: folder)
        let lines = strict.output.split(separator: "\n").map(String.init)
        #expect(lines.prefix(5) == ["true\ttrue", "true\ttrue", "false\twrite", "false\tread", "false\tread"])
        #expect(lines.dropFirst(5).allSatisfy { $0.hasPrefix("false\t") && $0.contains("may not write") })
        #expect(strict.status == 0, "\(strict.errors)")
        #expect(FileManager.default.fileExists(atPath: folder.path("out/a/b/step-00000002.safetensors")))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted() == ["out", "s.lua"])
    }

    private static let python = ProcessInfo.processInfo.environment["PERILUNE_PYTHON"] ?? "python3"
    private static let hasSafetensors =
        (try? ProgramRun.of("/usr/bin/env", [python, "-c", "import safetensors.numpy"]))?.status == 0

    @Test(.enabled(if: hasSafetensors, "needs Python's safetensors"))
    func `Python reads a checkpoint, and what it writes is read`() throws {
        let folder = try TemporaryFolder()
        try write(folder, epochs: 1)
        #expect(try run(["train.lua"], in: folder).status == 0)
        let code = """
            import sys
            from safetensors.numpy import load_file, save_file
            t = load_file(sys.argv[1])
            print(t["dense/kernel"].shape, t["dense_1/bias"].dtype, any("momentum" in n or "slots" in n for n in t))
            save_file({n: t[n] * 0 + 1 for n in ["dense/kernel", "dense/bias", "dense_1/kernel", \
            "dense_1/bias"]}, "py.st")
            """
        let python = try ProgramRun.of("/usr/bin/env", [Self.python, "-c", code, newest(folder)], in: folder.url)
        #expect(python.output == "(64, 16) float32 True\n", "\(python.errors)")
        let read = try run(
            [
                "-e",
                "local lune = require 'perilune' local m = lune.sequential { lune.input { 64 }, lune.dense(16), "
                    + "lune.dense(10) } m:load_weights('py.st') print(m.layers[1].kernel:mean():item())",
            ], in: folder)
        #expect(read.output == "1.0\n", "\(read.errors)")
    }
}
