import Foundation
import PeriluneProcess
import PeriluneTestSupport
import Testing

@testable import PeriluneTrain

@Suite("ModelCheckpoint")
struct ModelCheckpointTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func saver(
        _ target: ModelCheckpoint.Target, monitor: String = "val_loss",
        _ change: (inout ModelCheckpoint.Options) -> Void = { _ in }
    ) throws -> ModelCheckpoint {
        var options = ModelCheckpoint.Options()
        change(&options)
        return try ModelCheckpoint(target, monitor: monitor, options: options)
    }

    /// The names in the folder after a run over these values of `val_loss`.
    @discardableResult
    private func run(
        _ saver: ModelCheckpoint, _ values: [Double] = [1, 1, 1, 1], engine: FakeEngine? = nil,
        others: [any Callback] = [], interrupts: Interrupts = Interrupts()
    ) throws -> [String] {
        let engine = try engine ?? FakeEngine()
        engine.validationValue = { values[min($0, values.count) - 1] }
        _ = try makeLoop(engine, others + [saver], interrupts: interrupts) { $0.epochs = values.count }.fit()
        return names(saver)
    }

    private func names(_ saver: ModelCheckpoint) -> [String] {
        let path =
            switch saver.target {
            case .files: folder.url.path
            case .folder(let path, _, _): path
            }
        return (try? FileManager.default.contentsOfDirectory(atPath: path))?.sorted() ?? []
    }

    @Test(
        "The epochs whose files Keras writes with save_best_only, but for a NaN at the start",
        arguments: [
            ([1, 1, 0.9], nil, [1, 3]), ([.nan, 1, 0.5], nil, [2, 3]), ([1, 0.4, 0.3], 0.5, [2, 3]),
            ([.nan, 0.4, 0.3], 0.5, [2, 3]), ([0.6, 0.6], 0.5, []),
        ] as [([Double], Double?, [Int])])
    func best(values: [Double], threshold: Double?, epochs: [Int]) throws {
        let saver = try saver(.files(folder.path("e{epoch}.safetensors"))) {
            ($0.savesBestOnly, $0.initialValueThreshold) = (true, threshold)
        }
        #expect(try run(saver, values) == epochs.map { "e\($0).safetensors" })
    }

    @Test("Names have the numbers of the run")
    func template() throws {
        let saver = try saver(.files(folder.path("{epoch:02d}-{val_loss:.2f}-{step}-{lr}.safetensors")))
        #expect(try run(saver, [0.5, 0.25]) == ["01-0.50-2-0.1.safetensors", "02-0.25-4-0.1.safetensors"])
    }

    @Test("The last ones and the best ones stay, and nothing half-written")
    func rotation() throws {
        let saver = try saver(.folder(folder.path("a"), keepLast: 2, keepBest: 1))
        let left = try run(saver, [0.5, 0.1, 0.4, 0.3, 0.6])
        // Two steps an epoch: the best is that of the second epoch, the last are those of the fourth and the fifth.
        #expect(left == ["step-00000004.safetensors", "step-00000008.safetensors", "step-00000010.safetensors"])
        #expect(saver.path(of: .best) == folder.path("a/step-00000004.safetensors"))
        #expect(saver.path(of: .last) == folder.path("a/step-00000010.safetensors"))
        #expect(saver.path(of: .epoch(4)) == folder.path("a/step-00000008.safetensors"))
        #expect(saver.path(of: .epoch(1)) == nil)
        #expect(try Checkpoint.newest(at: folder.path("a"), say: { _ in })?.state["run"]?["epoch"] == 5)
    }

    @Test("Every few steps, within epochs too", arguments: [false, true])
    func steps(background: Bool) throws {
        let saver = try saver(.folder(folder.path("a"), keepLast: nil, keepBest: 0)) {
            ($0.every, $0.inBackground) = (.steps(3), background)
        }
        let left = try run(saver)
        #expect(left == [3, 6, 8].map { "step-0000000\($0).safetensors" })
        let within = try Checkpoint(contentsOf: folder.path("a/step-00000006.safetensors"))
        #expect(within.state["boundary"] == "batch")
        let last = try Checkpoint(contentsOf: folder.path("a/step-00000008.safetensors"))
        #expect(last.state["boundary"] == "epoch")
    }

    @Test("A folder with checkpoints of another run is an error before the first batch, unless told")
    func occupied() throws {
        let engine = try FakeEngine()
        try run(saver(.folder(folder.path("a"), keepLast: nil, keepBest: 0)))
        let error = #expect(throws: TrainingError.self) {
            try run(saver(.folder(folder.path("a"), keepLast: nil, keepBest: 0)), engine: engine)
        }
        #expect(error?.message.contains("has checkpoints already, up to step 8; resume from it") == true)
        #expect(engine.calls.isEmpty)
        let again = try saver(.folder(folder.path("a"), keepLast: nil, keepBest: 0)) { $0.overwrites = true }
        #expect(try run(again, [1]) == ["step-00000002.safetensors"])
    }

    @Test("An interruption and a failure leave a checkpoint where one is asked for")
    func occasions() throws {
        let interrupts = Interrupts()
        let stopper = Recorder()
        stopper.action = { context in
            if context.event == .trainBatchEnd, context.run.step == 3 { interrupts.request(.stop) }
            return nil
        }
        let saver = try saver(.folder(folder.path("a"), keepLast: nil, keepBest: 0)) { $0.every = .epochs(100) }
        #expect(try run(saver, others: [stopper], interrupts: interrupts) == ["step-00000003.safetensors"])
        let kept = try Checkpoint(contentsOf: folder.path("a/step-00000003.safetensors"))
        #expect(kept.state["boundary"] == "batch")
        #expect(kept.state["run"]?["stop"] == nil)

        let engine = try FakeEngine()
        engine.failing = (2, 2)
        let onFailure = try self.saver(.folder(folder.path("b"), keepLast: nil, keepBest: 0)) {
            ($0.every, $0.onFailure) = (.epochs(100), true)
        }
        #expect(throws: TrainingError.self) { try run(onFailure, engine: engine) }
        #expect(names(onFailure) == ["step-00000003.safetensors"])
        #expect(try Checkpoint(contentsOf: folder.path("b/step-00000003.safetensors")).state["run"]?["batch"] == 1)
    }

    @Test("A file that cannot be written ends the run, or is a warning", arguments: [false, true])
    func unwritable(background: Bool) throws {
        func attempt(critical: Bool) throws -> FakeEngine {
            let engine = try FakeEngine()
            let blocked = try saver(.folder(folder.path("c"), keepLast: nil, keepBest: 0)) {
                ($0.inBackground, $0.isCritical, $0.overwrites) = (background, critical, true)
            }
            let breaker = Recorder()
            breaker.action = { [folder] context in
                if context.event == .epochBegin, context.run.epoch == 1 {
                    try FileManager.default.removeItem(atPath: folder.path("c"))
                    _ = try folder.write("c", "in the way")
                }
                return nil
            }
            try run(blocked, engine: engine, others: [breaker])
            return engine
        }
        let error = #expect(throws: TrainingError.self) { try attempt(critical: true) }
        #expect(error?.description.contains("/c: is no folder (callback 'model_checkpoint'") == true)
        try FileManager.default.removeItem(atPath: folder.path("c"))
        let engine = try attempt(critical: false)
        #expect(engine.step == 8)
        #expect(engine.remarks.contains { $0.hasSuffix("/c: is no folder; the run goes on") })
    }

    @Test(
        "Options that cannot work",
        arguments: [
            (.files("x.bin"), "the file name must end in .safetensors, got 'x.bin'"),
            (.files("{epoch.safetensors"), "a brace in '{epoch.safetensors' has no partner"),
            (.files("{epoch:x}.safetensors"), "formats are such as 02d, .4f and .2e"),
            (.files("{val_los}.safetensors"), "is nothing that this run has; did you mean 'val_loss'?"),
            (.folder("", keepLast: nil, keepBest: 0), "'dir' is empty"),
            (.folder("a", keepLast: 0, keepBest: 0), "'keep_last' must be 1 or more, got 0"),
        ] as [(ModelCheckpoint.Target, String)])
    func errors(target: ModelCheckpoint.Target, message: String) throws {
        let engine = try FakeEngine()
        let error = #expect(throws: TrainingError.self) { try run(saver(target), engine: engine) }
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
        #expect(engine.calls.isEmpty)
    }

    @Test("Directives save, and go back to what was saved")
    func directives() throws {
        let engine = try FakeEngine()
        let path = folder.path("kept.safetensors")
        let steering = Recorder()
        steering.action = { context in
            guard context.event == .epochEnd else { return nil }
            switch context.run.epoch {
            case 1: return .save(path)
            case 3: return .restore(.path(path))
            case _: return nil
            }
        }
        _ = try makeLoop(engine, [steering]) { $0.epochs = 3 }.fit()
        #expect(engine.weights == 1)
        #expect(engine.step == 6)
        #expect(engine.remarks.last == "went back to \(path)")

        steering.action = { $0.event == .epochEnd ? .restore(.best) : nil }
        let error = #expect(throws: TrainingError.self) {
            _ = try makeLoop(FakeEngine(), [steering]) { $0.epochs = 1 }.fit()
        }
        #expect(error?.message.contains("there is no checkpoint of the best epoch; a model_checkpoint") == true)
    }

    @Test("A backup goes when the run has finished, and stays when it was stopped")
    func backup() throws {
        func files(_ stops: Bool) throws -> Int {
            let stopper = Recorder()
            stopper.action = { stops && $0.event == .epochEnd && $0.run.epoch == 2 ? .stop("enough") : nil }
            let backup = try BackupAndRestore(folder.path("backup"))
            _ = try makeLoop(FakeEngine(), [stopper, backup]) { $0.epochs = 3 }.fit()
            return CheckpointFolder(folder.path("backup")).steps.count
        }
        #expect(try files(true) == 2)
        #expect(try files(false) == 0)
        #expect(!FileManager.default.fileExists(atPath: folder.path("backup")))
    }
}
