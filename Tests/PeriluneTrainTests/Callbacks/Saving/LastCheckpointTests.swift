import Foundation
import PeriluneTestSupport
import Testing

@testable import PeriluneTrain

/// What savers write at the end of a run, and which score a file has.
@Suite("The last checkpoint")
struct LastCheckpointTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func saver(
        _ every: Frequency, keepBest: Int = 0, _ change: (inout ModelCheckpoint.Options) -> Void = { _ in }
    ) throws -> ModelCheckpoint {
        var options = ModelCheckpoint.Options()
        options.every = every
        change(&options)
        return try ModelCheckpoint(
            .folder(folder.path("a"), keepLast: nil, keepBest: keepBest), monitor: "val_loss", options: options)
    }

    private var steps: [Int] { CheckpointFolder(folder.path("a")).steps }

    @Test(
        "A run that has ended can go on from its end",
        arguments: [Frequency.steps(4), .steps(5), .steps(100), .seconds(1000), .epochs(1)], [false, true])
    func finished(every: Frequency, stops: Bool) throws {
        let expected =
            switch every {
            case .steps(4): [4, 8, 10]
            case .steps(5), .epochs: [5, 10]
            case .steps, .seconds: [10]
            }
        let engine = try FakeEngine()
        engine.batches = 5
        let stopper = Recorder()
        stopper.action = { stops && $0.event == .epochEnd && $0.run.epoch == 2 ? .stop("enough") : nil }
        _ = try makeLoop(engine, [stopper, saver(every)]) { $0.epochs = stops ? 3 : 2 }.fit()
        #expect(steps == expected)
        // And goes on, with nothing trained twice.
        let other = try FakeEngine()
        other.batches = 5
        let newest = try #require(try Checkpoint.newest(at: folder.path("a"), say: { _ in }))
        _ = try makeLoop(other, [Recorder(), saver(every)]) { $0.epochs = 4 }.fit(resuming: newest)
        #expect(other.calls.count { $0 == "step" } == 10)
        #expect(other.step == 20)
        #expect(steps.last == 20)
    }

    @Test("A run that ends with a loss that is no number leaves the older states in peace")
    func diverged() throws {
        let engine = try FakeEngine()
        engine.batches = 5
        engine.trainValue = { epoch, batch in epoch == 2 && batch == 4 ? .nan : 1 }
        _ = try makeLoop(engine, [TerminateOnNaN(), saver(.steps(4))]) { $0.epochs = 2 }.fit()
        #expect(steps == [4, 8])
    }

    @Test("A backup that stays at the end has the end", arguments: [false, true])
    func backup(deletes: Bool) throws {
        let engine = try FakeEngine()
        engine.batches = 5
        let backup = try BackupAndRestore(
            folder.path("a"), every: .steps(4), keepsTwo: false, deletesCheckpoints: deletes)
        _ = try makeLoop(engine, [backup]) { $0.epochs = 2 }.fit()
        #expect(steps == (deletes ? [] : [10]))
    }

    @Test("A file has the score of its own weights, or none")
    func scores() throws {
        let engine = try FakeEngine()
        engine.batches = 3
        engine.validationValue = { [0.1, 0.5, 0.3][$0 - 1] }
        let saver = try saver(.steps(4), keepBest: 1)
        _ = try makeLoop(engine, [saver]) { $0.epochs = 3 }.fit()
        // The best of the three epochs has a file of its own; step 4 was never validated, 8 neither.
        #expect(saver.files.map(\.step) == [3, 4, 8, 9])
        #expect(saver.files.map(\.value) == [0.1, nil, nil, 0.3])
        #expect(saver.path(of: .best) == saver.files[0].path)
    }

    @Test("A file that was written just before the validation of its weights has their score")
    func judgedLater() throws {
        let engine = try FakeEngine()
        engine.batches = 2
        engine.validationValue = { [0.1, 0.5][$0 - 1] }
        let saver = try saver(.steps(2), keepBest: 1)
        _ = try makeLoop(engine, [saver]) { $0.epochs = 2 }.fit()
        #expect(saver.files.map(\.step) == [2, 4])
        #expect(saver.files.map(\.value) == [0.1, 0.5])
    }

    @Test("With save_last the end of a run is there, whatever else is written", arguments: [false, true])
    func last(best: Bool) throws {
        var options = ModelCheckpoint.Options()
        (options.savesLast, options.savesBestOnly) = (true, best)
        options.every = best ? .epochs(1) : .epochs(3)
        let saver = try ModelCheckpoint(.files(folder.path("e{epoch}.safetensors")), options: options)
        let engine = try FakeEngine()
        engine.validationValue = { Double($0) }
        _ = try makeLoop(engine, [saver]) { $0.epochs = 4 }.fit()
        #expect(
            saver.files.map { $0.path.replacing(folder.url.path + "/", with: "") }
                == [best ? "e1.safetensors" : "e3.safetensors", "last.safetensors"])
        #expect(try Checkpoint(contentsOf: folder.path("last.safetensors")).state["run"]?["epoch"] == 4)
        var other = ModelCheckpoint.Options()
        (other.savesLast, other.every) = (true, .epochs(3))
        _ = try makeLoop(
            FakeEngine(),
            [ModelCheckpoint(.folder(folder.path("a"), keepLast: nil, keepBest: 0), options: other)]
        ) { $0.epochs = 4 }.fit()
        #expect(steps == [6, 8])
    }

    @Test("A name that a file system takes is written, and a longer one is found before the first batch")
    func longNames() throws {
        for length in [200, 242, 250, 255] {
            let name = String(repeating: "n", count: length - ".safetensors".count) + ".safetensors"
            let engine = try FakeEngine()
            _ = try makeLoop(engine, [ModelCheckpoint(.files(folder.path(name)))]) { $0.epochs = 2 }.fit()
            #expect(try Checkpoint(contentsOf: folder.path(name)).state["run"]?["epoch"] == 2)
        }
        for name in [String(repeating: "n", count: 244), String(repeating: "ä", count: 120) + "{val_loss}"] {
            let engine = try FakeEngine()
            let error = #expect(throws: TrainingError.self) {
                _ = try makeLoop(engine, [ModelCheckpoint(.files(folder.path(name + ".safetensors")))]).fit()
            }
            #expect(error?.message.contains("a name may have 255") == true, "\(error?.message ?? "")")
            #expect(engine.calls.isEmpty)
        }
    }
}
