import Foundation
import PeriluneTestSupport
import Testing

/// The logs of a program that is killed and run again have every line once.
@Suite struct LoggerCrashTests {
    private static let script = """
        local lune = require "perilune"
        lune.seed(7)
        local folder = arg[1]
        local model = lune.sequential { lune.dense(10) }
        model:compile { optimizer = lune.sgd { lr = 0.1 }, loss = "sparse_categorical_crossentropy" }
        model:fit(lune.data.digits():take(300), {
          epochs = 8, batch_size = 50, verbose = 0, resume = folder .. "/run",
          callbacks = {
            lune.csv_logger(folder .. "/log.csv", { critical = true }),
            lune.json_logger(folder .. "/log.jsonl", { every = { steps = 1 }, critical = true }),
            { on_train_batch_end = function() io.stdout:write("step\\n"):flush() end },
            lune.model_checkpoint { dir = folder .. "/run", every = { steps = 4 }, keep_last = 2 },
          },
        })
        """

    @Test func `no line is lost and none is there twice`() throws {
        let folder = try TemporaryFolder()
        let script = try folder.write("train.lua", Self.script)
        for steps in [3, 7, 11, 9] { _ = try KilledRun.of(script, [folder.url.path], at: (steps, 0)) }
        #expect(try KilledRun.of(script, [folder.url.path], at: nil))
        func lines(_ name: String) throws -> [Substring] {
            try String(contentsOfFile: folder.path(name), encoding: .utf8).split(separator: "\n")
        }
        #expect(
            try lines("log.csv").map { $0.prefix { $0 != "," } } == ["epoch", "1", "2", "3", "4", "5", "6", "7", "8"])
        let objects = try lines("log.jsonl").map { line in
            try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: NSObject])
        }
        // Six steps an epoch, and a line of the epoch after them.
        let expected = (1...48).flatMap { $0 % 6 == 0 ? ["step \($0)", "epoch \($0)"] : ["step \($0)"] }
        #expect(objects.map { "\($0["event"] ?? NSNull()) \($0["step"] ?? NSNull())" } == expected)
    }

    /// The shell ignores the signal that would kill the program, as a full disk sends none.
    @Test func `a record that does not fit on the disk leaves no half of itself`() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write(
            "train.lua",
            """
            local lune = require "perilune"
            local model = lune.sequential { lune.dense(32), lune.dense(10) }
            model:compile { optimizer = "sgd", loss = "sparse_categorical_crossentropy" }
            model:fit(lune.data.digits():take(64), { epochs = 40, batch_size = 8, verbose = 0, callbacks = {
              lune.json_logger("log.jsonl", { every = { steps = 1 } }),
              lune.tensorboard("board", { histogram_freq = 1, write_images = true }) } })
            """)
        let program = ProgramRun.directory.appendingPathComponent("perilune").path
        let run = try ProgramRun.of(
            "/bin/sh", ["-c", "trap '' XFSZ; ulimit -f 16; exec '\(program)' train.lua"], in: folder.url)
        #expect(run.status == 0)
        for name in ["json_logger: cannot write log.jsonl", "tensorboard: cannot write board/train/events"] {
            #expect(run.errors.contains(name), "\(run.errors)")
        }
        let log = try String(contentsOfFile: folder.path("log.jsonl"), encoding: .utf8)
        #expect(log.count > 1000 && log.hasSuffix("}\n"))
        let board = try #require(try FileManager.default.contentsOfDirectory(atPath: folder.path("board/train")).first)
        let events = try Data(contentsOf: URL(fileURLWithPath: folder.path("board/train/" + board)))
        // Length, its checksum, content and its checksum, one after the other to the very end.
        var place = 0
        while place + 8 <= events.count {
            let length = (0..<8).reduce(0) { $0 | Int(events[place + $1]) << (8 * $1) }
            place += length + 16
        }
        #expect(place == events.count)
    }
}
