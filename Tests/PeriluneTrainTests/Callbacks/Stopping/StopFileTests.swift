import Glibc
import PeriluneTestSupport
import Testing

@testable import PeriluneTrain

@Suite("StopFile")
struct StopFileTests {
    @Test("Stops after the batch in which the file appears, and removes it if asked", arguments: [false, true])
    func appears(removes: Bool) throws {
        let folder = try TemporaryFolder()
        let path = folder.path("STOP")
        let engine = try FakeEngine()
        let writer = LambdaCallback(on: .trainBatchEnd) { context in
            if context.run.step == 3 { _ = try folder.write("STOP", "") }
            return nil
        }
        let stopper = try StopFile(path, every: 0, remove: removes)
        let history = try makeLoop(engine, [writer, stopper]) { $0.epochs = 9 }.fit()
        #expect(engine.step == 3)
        #expect(history.stopReason == "the stop file \(path) is there")
        #expect(history["val_loss"]?.count == 2)
        #expect((access(path, F_OK) == 0) == !removes)
        #expect(stopper.report["found"] == true)
    }

    @Test("A file that is there already stops the run before its first batch")
    func early() throws {
        let folder = try TemporaryFolder()
        let engine = try FakeEngine()
        let history = try makeLoop(engine, [StopFile(try folder.write("STOP", ""))]) { $0.epochs = 2 }.fit()
        #expect(engine.step == 0)
        #expect(history.endReason == .stopped)
    }

    @Test("Looks at most every so many seconds")
    func looks() throws {
        let folder = try TemporaryFolder()
        var now = ContinuousClock.now
        let stopper = try StopFile(folder.path("STOP"), every: 1, remove: false) { now }
        let engine = try FakeEngine()
        engine.batches = 10
        // A batch takes 0.3 s; the first look is after the first, the next one after the fifth.
        let writer = LambdaCallback(on: .trainBatchEnd) { context in
            now += .milliseconds(300)
            if context.run.step == 2 { _ = try folder.write("STOP", "") }
            return nil
        }
        _ = try makeLoop(engine, [writer, stopper]).fit()
        #expect(engine.step == 5)
    }

    @Test("A resumed run goes on when the file is gone, and stops at once while it is there")
    func resumed() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("STOP")
        let keeper = CheckpointKeeper()
        let writer = LambdaCallback(on: .trainBatchEnd) { context in
            if context.run.step == 3 { _ = try folder.write("STOP", "") }
            return nil
        }
        _ = try makeLoop(FakeEngine(), [writer, StopFile(path, every: 0), keeper]) { $0.epochs = 4 }.fit()
        let last = try #require(keeper.kept.last)
        func resume() throws -> History {
            try makeLoop(FakeEngine(), [StopFile(path, every: 0)]) { $0.epochs = 4 }.fit(resuming: last)
        }
        #expect(try resume().epochs == [1, 2])
        unlink(path)
        let history = try resume()
        #expect(history.epochs == [1, 2, 3, 4] && history.endReason == .finished)
    }

    @Test("Options out of range are refused")
    func options() {
        #expect(failure { _ = try StopFile("") } == "stop_file: 'path' is empty")
        #expect(
            failure { _ = try StopFile("a", every: -1) }
                == "stop_file: 'seconds' must be a finite number of 0 or more, got -1.0")
    }
}
