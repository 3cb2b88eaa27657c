import Foundation
import PeriluneData
import PeriluneLoggers
import PeriluneTestSupport
import Testing

@testable import PeriluneTrain

/// A logger that fails warns once and lets the run go on, unless it is critical.
@Suite struct LoggerRuleTests {
    typealias Make = @Sendable (_ path: String, _ critical: Bool) throws -> any Callback

    static let makers: [(name: String, make: Make)] = [
        ("csv_logger", { try CSVLogger($0, critical: $1) }),
        ("json_logger", { try JSONLogger($0, every: .steps(1), critical: $1) }),
        ("tensorboard", { try TensorBoard($0, updateFrequency: .steps(1), critical: $1) }),
    ]

    @Test(arguments: makers.indices)
    func `an impossible path is a warning before the first batch`(index: Int) throws {
        let (name, make) = Self.makers[index]
        // A file is in the way of the folder.
        let folder = try TemporaryFolder()
        let path = try folder.write("file", "x") + "/log"
        let engine = try FakeEngine()
        var remarksAtBegin = 0
        let recorder = Recorder()
        recorder.action = { context in
            if context.event == .trainBegin { remarksAtBegin = engine.remarks.count }
            return nil
        }
        let logger = try make(path, false)
        let history = try makeLoop(engine, [recorder, logger]) { $0.epochs = 3 }.fit()
        #expect(history.epochs == [1, 2, 3])
        #expect(remarksAtBegin == 1)
        #expect(engine.remarks.count == 1)
        #expect(engine.remarks[0].hasPrefix("\(name): \(folder.path("file"))"), "\(engine.remarks)")
        let reason = name == "tensorboard" ? "cannot be made: Not a directory" : "is no folder"
        #expect(engine.remarks[0].hasSuffix(": \(reason); it logs nothing more, the run goes on"))
        #expect(logger.report["failure"]?.text != nil)
    }

    @Test(arguments: makers.indices)
    func `an impossible path of a critical logger ends the run before the first batch`(index: Int) throws {
        let (name, make) = Self.makers[index]
        let folder = try TemporaryFolder()
        let path = try folder.write("file", "x") + "/log"
        let engine = try FakeEngine()
        let error = try #require(throws: TrainingError.self) { try makeLoop(engine, [make(path, true)]).fit() }
        #expect(error.code == .fileFailed)
        #expect(error.place.callback == name)
        #expect(engine.calls.isEmpty)
    }

    /// A device that is always full.
    @Test(arguments: [0, 1])
    func `a full disk is one warning, or the end of the run`(index: Int) throws {
        let (name, make) = Self.makers[index]
        let engine = try FakeEngine()
        let history = try makeLoop(engine, [make("/dev/full", false)]) { $0.epochs = 3 }.fit()
        #expect(history.epochs == [1, 2, 3])
        #expect(
            engine.remarks == [
                "\(name): cannot write /dev/full: No space left on device; it logs nothing more, the run goes on"
            ])
        let error = try #require(throws: TrainingError.self) {
            try makeLoop(FakeEngine(), [make("/dev/full", true)]).fit()
        }
        #expect(error.code == .fileFailed)
        #expect(error.place.epoch == 1)
    }

    @Test func `a logger that failed in one run works in the next`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("log.csv")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        let logger = try CSVLogger(path)
        _ = try makeLoop(FakeEngine(), [logger]).fit()
        #expect(logger.report["failure"]?.text != nil)
        try FileManager.default.removeItem(atPath: path)
        _ = try makeLoop(FakeEngine(), [logger]).fit()
        #expect(logger.report["failure"] == .null)
        #expect(SmallCallbackTests.contents(path).split(separator: "\n").count == 2)
    }
}
