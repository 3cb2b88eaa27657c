import Foundation
import PeriluneTestSupport
import Testing

@testable import PeriluneLoggers
@testable import PeriluneTrain

/// Tables in which a name appears that the first epoch did not have.
@Suite struct LateColumnTests {
    /// Five epochs; `late` comes from the third on, `rare, "quoted"` in the fourth.
    private func fit(
        _ logger: CSVLogger, resuming checkpoint: Checkpoint? = nil, saver: CheckpointKeeper = CheckpointKeeper(),
        engine: FakeEngine? = nil, validates: Bool = true
    ) throws {
        let writer = LambdaCallback(on: .epochEnd) { context in
            let epoch = context.run.epoch
            if epoch >= 3 { context.logs["late"] = Double(epoch) }
            if epoch == 4 { context.logs["rare, \"quoted\""] = 0.5 }
            return nil
        }
        let engine = try engine ?? FakeEngine()
        engine.trainValue = { Double($0) + Double($1) / 8 }
        _ = try makeLoop(engine, [writer, logger, saver], validates: validates) { $0.epochs = 5 }
            .fit(resuming: checkpoint)
    }

    /// The cells of each line that do not depend on the clock.
    private func rows(_ path: String) -> [[String]] {
        SmallCallbackTests.contents(path).split(separator: "\n").map { line in
            let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            return Array(cells.prefix(7) + cells.dropFirst(9))
        }
    }

    private let ends = [
        ["late", "\"rare", " \"\"quoted\"\"\""], ["NA", "NA"], ["NA", "NA"], ["3.0", "NA"], ["4.0", "0.5"],
        ["5.0", "NA"],
    ]

    @Test func `they get a column at the end, and the lines before have NA there`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("log.csv")
        let engine = try FakeEngine()
        try fit(try CSVLogger(path), engine: engine)
        #expect(rows(path).map { Array($0.dropFirst(7)) } == ends)
        #expect(rows(path).map { $0[0] } == ["epoch", "1", "2", "3", "4", "5"])
        #expect(rows(path)[2].prefix(5) == ["2", "2.1875", "2.1875", "0.25", "0.25"])
        #expect(engine.remarks.filter { $0.contains("'late' came after the first line") }.count == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("")) == ["log.csv"])
    }

    @Test(arguments: [false, true]) func `a run that is killed anywhere ends with the same table`(moved: Bool) throws {
        let folder = try TemporaryFolder()
        let path = folder.path("run/log.csv")
        let saver = CheckpointKeeper()
        try fit(try CSVLogger(path), saver: saver)
        let (text, whole) = (SmallCallbackTests.contents(path), rows(path))
        #expect(saver.kept.count == 15)
        for (index, checkpoint) in saver.kept.enumerated() {
            // All that the killed run wrote is there, and half a line more.
            _ = try folder.write("run/log.csv", text + "6,0.1")
            let after = moved ? folder.path("moved \(index)/log.csv") : path
            if moved {
                try FileManager.default.copyItem(atPath: folder.path("run"), toPath: folder.path("moved \(index)"))
            }
            try fit(try CSVLogger(after), resuming: checkpoint)
            #expect(rows(after) == whole, "checkpoint \(index + 1)")
        }
    }

    @Test func `a table with other columns is appended to`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("log.csv", "epoch,loss,\"my, own\"\r\n1,2,3\r\n")
        try fit(try CSVLogger(path, append: true), validates: false)
        let lines = SmallCallbackTests.contents(path).split(separator: "\n").map(String.init)
        let header =
            "epoch,loss,\"my, own\",accuracy,lr,step,epoch_seconds,samples_per_second,late,\"rare, \"\"quoted\"\"\""
        #expect(lines[0] == header)
        #expect(lines[1] == "1,2,3,NA,NA,NA,NA,NA,NA,NA")
        #expect(lines[2].hasPrefix("1,1.1875,NA,1.1875,0.1,2,"))
        #expect(lines.count == 7 && lines[6].hasSuffix(",5.0,NA"))
        // Fewer of them than the table has.
        try fit(try CSVLogger(path, append: true))
        #expect(SmallCallbackTests.contents(path).split(separator: "\n").count == 12)
        #expect(SmallCallbackTests.contents(path).hasPrefix(header + ",val_loss,val_accuracy\n"))
    }

    @Test func `the file that a link leads to is written anew, with its rights and the lock`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("log.csv", "a\n")
        let link = folder.path("link.csv")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
        chmod(path, 0o600)
        let file = try LogFile(link, for: "test")
        try file.lock()
        try file.replace(with: Array("a,b\n".utf8))
        try file.write("1,2\n")
        #expect(SmallCallbackTests.contents(path) == "a,b\n1,2\n")
        #expect(
            try FileManager.default.attributesOfItem(atPath: link)[.type] as? FileAttributeType == .typeSymbolicLink)
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
        #expect(throws: TrainingError.self) { try LogFile(path, for: "other").lock() }
        #expect(try LogFile("/dev/null", for: "test").isReplaceable == false)
    }

    @Test func `a file that cannot be written anew stays as it was, open and locked`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("log.csv", "a\n")
        let file = try LogFile(path, for: "test")
        try file.lock()
        // What the new file would be written under until it is whole.
        let partial = WholeFile.partialPath(of: path)
        try FileManager.default.createDirectory(atPath: partial, withIntermediateDirectories: false)
        let error = #expect(throws: TrainingError.self) { try file.replace(with: Array("a,b\n".utf8)) }
        #expect(error?.message == "test: cannot write \(path): Is a directory")
        try file.cut(to: 2)
        try file.write("1\n")
        #expect(SmallCallbackTests.contents(path) == "a\n1\n")
        #expect(throws: TrainingError.self) { try LogFile(path, for: "other").lock() }
    }

    @Test func `what is no file goes on without them, and says so once`() throws {
        let engine = try FakeEngine()
        let logger = try CSVLogger("/dev/null", critical: true)
        try fit(logger, engine: engine)
        #expect(engine.remarks.filter { $0.contains("'late' came after the first line and has no column") }.count == 1)
    }

    @Test func `what was widened is narrowed again, and nothing else is`() {
        let lines = TableLines(separator: ";")
        let header = "epoch;\"a \"\";\"\" b\n\""
        let text = Array((header + "\n1;2\n3;\"x\ny\"\n").utf8)
        #expect(lines.header(text) == ["epoch", "a \";\" b\n"])
        let wide = lines.widened(text, by: ["c", "\"d;e\""])
        let expected = header + ";c;\"d;e\"\n1;2;NA;NA\n3;\"x\ny\";NA;NA\n"
        #expect(String(decoding: wide, as: UTF8.self) == expected)
        #expect(lines.narrowed(wide, header: header, to: text.count) == text)
        // Of a line that came later nothing is left; within a line there is no end.
        let more = wide + Array("5;6;7;8\n".utf8)
        #expect(lines.narrowed(more, header: header, to: text.count) == text)
        #expect(lines.narrowed(more, header: header, to: text.count - 1) == nil)
        #expect(lines.narrowed(more, header: header, to: text.count + 4) == nil)
        #expect(lines.narrowed(text, header: header, to: text.count) == nil)
        #expect(lines.narrowed([], header: "", to: 0) == nil)
    }
}
