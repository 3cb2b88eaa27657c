import Foundation
import PeriluneData
import PeriluneLoggers
import PeriluneTestSupport
import Testing

@testable import PeriluneTrain

/// What loggers write, and how they go on after a kill.
@Suite struct LoggerFileTests {
    private func fit(
        _ logger: any Callback, resuming checkpoint: Checkpoint? = nil, saver: CheckpointKeeper = CheckpointKeeper(),
        engine: FakeEngine? = nil
    ) throws {
        let engine = try engine ?? FakeEngine()
        engine.trainValue = { Double($0) + Double($1) / 8 }
        _ = try makeLoop(engine, [logger, saver]) { $0.epochs = 4 }.fit(resuming: checkpoint)
    }

    /// The fields that do not depend on the clock.
    private func objects(_ path: String) throws -> [[String: NSObject]] {
        try SmallCallbackTests.contents(path).split(separator: "\n").map { line in
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: NSObject]
            return try #require(object).filter { $0.key != "epoch_seconds" && $0.key != "samples_per_second" }
        }
    }

    /// The cells that do not depend on the clock.
    private func rows(_ path: String) -> [[String]] {
        SmallCallbackTests.contents(path).split(separator: "\n").map { line in
            line.split(separator: ",").prefix(7).map(String.init)
        }
    }

    @Test func `the json logger writes epochs, and steps where asked to`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("log.jsonl")
        try fit(try JSONLogger(path))
        var lines = try objects(path)
        #expect(lines.map { $0["event"] } == Array(repeating: "epoch" as NSString, count: 4))
        #expect(lines[1]["epoch"] == 2 as NSNumber)
        #expect(lines[1]["batch"] == 2 as NSNumber)
        #expect(lines[1]["loss"] == 2.1875 as NSNumber)
        #expect(lines[1]["val_loss"] == 0.25 as NSNumber)
        #expect(SmallCallbackTests.contents(path).hasPrefix(#"{"event":"epoch","epoch":1,"batch":2,"loss":1.1875,"#))
        try fit(try JSONLogger(path, every: .steps(3)))
        lines = try objects(path)
        #expect(
            lines.map { "\($0["event"] ?? NSNull()) \($0["step"] ?? NSNull())" } == [
                "epoch 2", "step 3", "epoch 4", "step 6", "epoch 6", "epoch 8",
            ])
        try fit(try JSONLogger(path, every: .epochs(2), append: true))
        #expect(try objects(path).suffix(2).map { $0["epoch"] } == [2 as NSNumber, 4 as NSNumber])
        #expect(try objects(path).count == 8)
    }

    @Test func `numbers that are not finite and odd names are JSON`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("log.jsonl")
        let writer = LambdaCallback(on: .epochEnd) { context in
            context.logs["a \"b\"\n"] = .nan
            context.logs["up"] = .infinity
            context.logs["down"] = -.infinity
            return nil
        }
        _ = try makeLoop(FakeEngine(), [writer, JSONLogger(path)]).fit()
        let line = try #require(objects(path).first)
        #expect(line["a \"b\"\n"] == "NaN" as NSString)
        #expect(line["up"] == "Infinity" as NSString)
        #expect(line["down"] == "-Infinity" as NSString)
    }

    @Test func `a last line without an end gets one before others are appended`() throws {
        let folder = try TemporaryFolder()
        let header = "epoch,loss,accuracy,val_loss,val_accuracy,lr,step,epoch_seconds,samples_per_second"
        let csv = try folder.write("log.csv", header + "\n1,2,3")
        try fit(try CSVLogger(csv, append: true))
        #expect(rows(csv).map { $0[0] } == ["epoch", "1", "1", "2", "3", "4"])
        #expect(rows(csv)[1] == ["1", "2", "3"])
        let json = try folder.write("log.jsonl", "{}")
        try fit(try JSONLogger(json, append: true))
        #expect(SmallCallbackTests.contents(json).hasPrefix("{}\n{\"event\":\"epoch\",\"epoch\":1,"))
        // One that has its end is left alone, and so is an empty file.
        try fit(try JSONLogger(json, append: true))
        #expect(try objects(json).count == 9)
        let new = folder.path("new/deep/log.jsonl")
        try fit(try JSONLogger(new, append: true))
        #expect(try objects(new).count == 4)
    }

    @Test func `a table has NaN as others write it, and quotes what would break it`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("log.csv")
        let writer = LambdaCallback(on: .epochEnd) { context in
            (context.logs["a\rb"], context.logs["c,\"d\""]) = (-.nan, -.infinity)
            return nil
        }
        _ = try makeLoop(FakeEngine(), [writer, CSVLogger(path)]).fit()
        let text = SmallCallbackTests.contents(path)
        #expect(text.contains("samples_per_second,\"a\rb\",\"c,\"\"d\"\"\"\n"))
        #expect(text.hasSuffix(",nan,-inf\n"))
    }

    @Test func `after a kill at any boundary no line is lost and none is there twice`() throws {
        let folder = try TemporaryFolder()
        let (csv, json) = (folder.path("log.csv"), folder.path("log.jsonl"))
        let savers = (csv: CheckpointKeeper(), json: CheckpointKeeper())
        try fit(try CSVLogger(csv), saver: savers.csv)
        try fit(try JSONLogger(json, every: .steps(1)), saver: savers.json)
        let (rows, objects) = (rows(csv), try objects(json))
        // Lengths differ from run to run, by the numbers that depend on the clock.
        let (csvText, jsonText) = (SmallCallbackTests.contents(csv), SmallCallbackTests.contents(json))
        #expect(rows.count == 5)
        #expect(objects.count == 12)
        for checkpoint in savers.csv.kept {
            // Rows after the checkpoint, and one that was cut off.
            _ = try folder.write("log.csv", csvText + "5,0.1")
            try fit(try CSVLogger(csv), resuming: checkpoint)
            #expect(self.rows(csv) == rows)
        }
        for checkpoint in savers.json.kept {
            _ = try folder.write("log.jsonl", jsonText + "{\"ev")
            try fit(try JSONLogger(json, every: .steps(1)), resuming: checkpoint)
            #expect(try self.objects(json) == objects)
        }
    }

    @Test func `a file that was lost begins anew, with its header and a remark`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("log.csv")
        let saver = CheckpointKeeper()
        try fit(try CSVLogger(path), saver: saver)
        try FileManager.default.removeItem(atPath: path)
        let engine = try FakeEngine()
        // The third boundary is the end of the first epoch.
        try fit(try CSVLogger(path), resuming: saver.kept[2], engine: engine)
        #expect(rows(path).map(\.first) == ["epoch", "2", "3", "4"])
        #expect(engine.remarks.contains { $0.hasPrefix("csv_logger: \(path) lacks ") })
    }

    @Test func `an evaluation with the same logger leaves the log of its fit alone`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("log.csv")
        let logger = try CSVLogger(path)
        let evaluator = LambdaCallback(on: .epochBegin) { _ in
            let engine = try FakeEngine()
            let session = try engine.makeTrainingSession(batchSize: 32, splitsSteps: false)
            _ = try TrainingLoop(
                engine: engine, options: FitOptions(), callbacks: [logger], hasValidation: false, isTraining: false
            ).evaluate(session)
            return nil
        }
        _ = try makeLoop(FakeEngine(), [evaluator, logger]) { $0.epochs = 3 }.fit()
        #expect(rows(path).map(\.first) == ["epoch", "1", "2", "3"])
    }
}
