import Foundation
import PeriluneLoggers
import PeriluneTestSupport
import Testing

@testable import PeriluneTrain

/// Evaluations and predictions, within a fit and after it, leave alone what belongs to the fit.
@Suite("Runs within and after a fit")
struct NestedRunTests {
    /// An evaluation and a prediction with this callback.
    private func pass(_ callback: any Callback) throws {
        for predicts in [false, true] {
            let engine = try FakeEngine()
            engine.validationValue = { _ in 9 }
            let session = try #require(try engine.makeValidationSession())
            let loop = TrainingLoop(
                engine: engine, options: FitOptions(), callbacks: [callback], hasValidation: false, isTraining: false,
                isWithinFit: true)
            if predicts {
                try loop.predict(session) { _ in }
            } else {
                _ = try loop.evaluate(session)
            }
        }
    }

    private static let kinds: [String: @Sendable (TemporaryFolder) throws -> any Callback] = [
        "early_stopping": { _ in try EarlyStopping(monitor: "loss", patience: 3, restoreBestWeights: true) },
        "reduce_lr_on_plateau": { _ in try ReduceLROnPlateau(monitor: "loss", patience: 2) },
        "threshold_stopper": { _ in try ThresholdStopper(monitor: "loss", threshold: 0.3) },
        "divergence_stopper": { _ in try DivergenceStopper(.factor(100)) },
        "keep_best_weights": { _ in try KeepBestWeights(monitor: "loss") },
        "any": { _ in
            try CombinedStopping(.all, [EarlyStopping(monitor: "loss", patience: 2), TimeBudget(1000)])
        },
        "time_budget": { _ in try TimeBudget(1e-9) },
        "history": { _ in HistoryRecorder() },
        "callback_timer": { _ in CallbackTimer(verbose: false) },
        "csv_logger": { try CSVLogger($0.path("a.csv")) },
        "json_logger": { try JSONLogger($0.path("a.jsonl")) },
        "tensorboard": { try TensorBoard($0.path("board")) },
        "model_checkpoint": { try ModelCheckpoint(.folder($0.path("run"), keepLast: 2, keepBest: 1), monitor: "loss") },
        "lr_monitor": { _ in try LRMonitor() },
        "throughput": { _ in try Throughput() },
        "sparkline": { _ in try Sparkline("loss") },
        "memory_monitor": { _ in try MemoryMonitor() },
        "rollback": { _ in try Rollback() },
        "swap_ema_weights": { _ in try SwapEMAWeights(momentum: 0.5) },
        "stochastic_weight_averaging": { _ in try StochasticWeightAveraging(startEpoch: 1) },
        "freeze_schedule": { _ in try FreezeSchedule(["dense": 1...3]) },
        "one_cycle": { _ in try OneCycle(maxLR: 1) },
        "warm_up": { _ in try WarmUp(.steps(9)) },
        "hyperparameter_scheduler": { _ in try HyperparameterScheduler("momentum") { index, _ in 0.5 / Double(index) }
        },
        "filtered": { _ in
            FilteredCallback(try EarlyStopping(monitor: "loss", patience: 3), on: .epochEnd, try EventFilter(every: 1))
        },
        "named": { _ in try EarlyStopping(monitor: "loss", patience: 3).named("mine") },
    ]

    private func comparable(_ report: [String: StateValue]) -> [String: StateValue] {
        // What depends on the clock, and the values of a running process.
        let passing: Set = [
            "seconds", "times", "samples_per_second", "steps_per_second", "line", "failure", "memory_rss",
        ]
        return report.filter { !passing.contains($0.key) }
    }

    @Test(
        "What a fit decides and reports is the same with passes in each of its epochs", arguments: kinds.keys.sorted())
    func within(kind: String) throws {
        let make = try #require(Self.kinds[kind])
        func fit(passes: Bool) throws -> (epochs: [Int], rate: Double, weights: Float, report: [String: StateValue]) {
            let folder = try TemporaryFolder()
            let engine = try FakeEngine()
            engine.trainValue = { epoch, _ in epoch < 4 ? 1 / Double(epoch) : 1 }
            let callback = try make(folder)
            let passer = LambdaCallback(on: .epochEnd) { _ in
                if passes { try pass(callback) }
                return nil
            }
            let history = try makeLoop(engine, [callback, passer]) { $0.epochs = 10 }.fit()
            let report = comparable(callback.report).mapValues { value in
                value.texts.map { StateValue($0.map { $0.replacing(folder.url.path, with: "") }) }
                    ?? value.text.map { .text($0.replacing(folder.url.path, with: "")) } ?? value
            }
            return (history.epochs, engine.optimizer.learningRate, engine.weights, report)
        }
        let (plain, nested) = try (fit(passes: false), fit(passes: true))
        #expect(plain.epochs == nested.epochs)
        #expect(plain.rate == nested.rate)
        #expect(plain.weights == nested.weights)
        if kind != "tensorboard" { #expect(plain.report == nested.report) }
    }

    @Test("What a fit has left is there after passes, too", arguments: kinds.keys.sorted())
    func after(kind: String) throws {
        let make = try #require(Self.kinds[kind])
        let callback = try make(TemporaryFolder())
        let engine = try FakeEngine()
        engine.trainValue = { epoch, _ in epoch < 4 ? 1 / Double(epoch) : 1 }
        _ = try makeLoop(engine, [callback]) { $0.epochs = 10 }.fit()
        let (report, state) = (callback.report, try callback.savedState)
        try pass(callback)
        #expect(callback.report == report)
        #expect(try callback.savedState == state)
    }

    @Test("Each run that is entered is left, also where it never begins")
    func balance() throws {
        final class Counter: Callback {
            var name: String { "counter" }
            var (entered, prepared, left) = (0, 0, 0)
            func enter(_ run: Run) { entered += 1 }
            func prepare(for run: Run) { prepared += 1 }
            func leave(_ run: Run) { left += 1 }
        }
        let counter = Counter()
        _ = try makeLoop(FakeEngine(), [counter]) { $0.epochs = 1 }.fit()
        #expect((counter.entered, counter.prepared, counter.left) == (1, 1, 1))
        try pass(counter.named("mine"))
        #expect((counter.entered, counter.prepared, counter.left) == (3, 1, 3))
        #expect(throws: TrainingError.self) {
            _ = try makeLoop(FakeEngine(), [counter, EarlyStopping(monitor: "nonesuch")]) { $0.epochs = 1 }.fit()
        }
        #expect((counter.entered, counter.left) == (4, 4))
    }
}
