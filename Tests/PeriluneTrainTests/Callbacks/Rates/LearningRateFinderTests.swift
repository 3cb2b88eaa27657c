import Glibc
import PeriluneData
import PeriluneNN
import PeriluneTestSupport
import Testing

@testable import PeriluneTrain

@Suite("Learning-rate finder")
struct LearningRateFinderTests {
    private func options(_ change: (inout LearningRateFinder.Options) -> Void) -> LearningRateFinder.Options {
        var options = LearningRateFinder.Options()
        change(&options)
        return options
    }

    /// A loss that depends on the rate of the step: flat, falling around 1e-2, and rising from 1 on.
    private static func loss(_ rate: Double) -> Double {
        let place = log10(rate)
        return 2 - 1.5 / (1 + exp(-4 * (place + 2))) + (place > 0 ? 30 * place : 0)
    }

    /// A range test on an engine whose loss is `loss` of the rate.
    private func test(
        _ options: LearningRateFinder.Options, epochs: Int = 1, batches: Int = 7, accumulate: Int = 1,
        _ loss: @escaping (Double) -> Double = Self.loss
    ) throws -> (finder: LearningRateFinder, engine: FakeEngine, history: History) {
        let engine = try FakeEngine(learningRate: 0.3)
        engine.batches = batches
        engine.trainValue = { [unowned engine] _, _ in loss(engine.optimizer.learningRate) }
        let finder = try LearningRateFinder(options)
        let history = try makeLoop(engine, [finder], validates: false) {
            ($0.epochs, $0.accumulate) = (epochs, accumulate)
        }.fit()
        return (finder, engine, history)
    }

    @Test("Rates lie evenly on a logarithmic scale, over as many epochs as it takes; everything is put back")
    func rates() throws {
        let (finder, engine, history) = try test(options { ($0.from, $0.to, $0.steps) = (1e-4, 1e-1, 31) })
        let rates = finder.sweep.rates
        #expect(rates.count == 31 && !finder.sweep.hasDiverged)
        #expect(agree([rates[0], rates[10], rates[20], rates[30]], [1e-4, 1e-3, 1e-2, 1e-1]))
        #expect(agree(finder.sweep.losses, rates.map(Self.loss)))
        #expect(engine.step == 0 && engine.optimizer.learningRate == 0.3 && engine.weights == 0)
        #expect(history.stopReason?.hasPrefix("the learning-rate range test is done: steepest at") == true)
        #expect(engine.remarks == ["lr_finder: " + finder.sweep.summary])
    }

    @Test("The suggestion is where the smoothed loss falls most steeply; a tenth of the best is there too")
    func suggestion() throws {
        let found = try test(options { ($0.steps, $0.smoothing) = (200, 0) }).finder.sweep
        #expect(found.hasDiverged)
        #expect(abs(log10(try #require(found.suggestion)) + 2) < 0.1)
        #expect(abs(log10(try #require(found.tenthOfMinimum)) + 1) < 0.3)
        // A moving average lags behind.
        let smooth = try test(options { ($0.steps, $0.smoothing) = (200, 0.9) }).finder.sweep
        #expect(try #require(smooth.suggestion) > 1e-2)
        #expect(smooth.smoothed.count == smooth.losses.count)
        let rising = try test(options { $0.steps = 50 }) { log10($0) + 9 }.finder.sweep
        #expect(rising.suggestion == nil)
        #expect(rising.summary == "the loss falls nowhere, so there is no suggestion")
    }

    @Test("The average has no bias at its beginning")
    func smoothing() throws {
        let found = try test(options { ($0.steps, $0.smoothing) = (5, 0.5) }) { $0 < 1e-6 ? 3 : 1 }.finder.sweep
        // 3; then (0.5·1.5 + 0.5) / 0.75 and so on.
        #expect(agree(Array(found.smoothed.prefix(3)), [3, 1.25 / 0.75, 1.125 / 0.875]))
    }

    @Test("It ends when the loss runs away or is no number", arguments: [8.1, .nan, .infinity])
    func divergence(_ far: Double) throws {
        let (finder, engine, _) = try test(options { ($0.steps, $0.smoothing) = (100, 0) }) { $0 < 0.01 ? 2 : far }
        #expect(finder.sweep.hasDiverged)
        #expect(finder.sweep.rates.last.map { $0 >= 0.01 && $0 < 0.02 } == true)
        #expect(engine.calls.filter { $0 == "step" }.count == finder.sweep.rates.count)
        #expect(!finder.sweep.plot.isEmpty && finder.sweep.svg.hasPrefix("<svg"))
    }

    @Test("Batches that make one update are one rate")
    func accumulated() throws {
        let finder = try test(options { $0.steps = 6 }, batches: 4, accumulate: 2).finder
        #expect(finder.sweep.rates.count == 6)
    }

    @Test("A schedule and the optimizer's memory come back; after a failure too")
    func restoring() throws {
        let trainer = try Trainer(
            Sequential([Dense(16, activation: .relu), BatchNormalization(), Dense(10)]),
            optimizer: .adam(schedule: CosineDecay(initial: 0.01, decaySteps: 50)),
            loss: SparseCategoricalCrossentropy(), seed: 3)
        trainer.message = { _ in }
        let data = try Dataset.digits().take(200)
        try trainer.fit(data, epochs: 2, verbose: .silent)
        let before = try trainer.captureState()
        let rate = trainer.optimizer.learningRate
        let sweep = try trainer.findLearningRate(data, options { ($0.steps, $0.to) = (40, 100) }, batchSize: 16)
        #expect(sweep.rates.count > 20)
        let isSame = try trainer.captureState() == before
        #expect(isSame)
        #expect(trainer.optimizer.hasSchedule && trainer.optimizer.learningRate == rate)
        let failing = LambdaCallback(on: .trainBatchEnd) { context in
            if context.run.step > 20 { throw FakeFailure("broken") }
            return nil
        }
        #expect(throws: TrainingError.self) {
            try trainer.fit(
                data, epochs: 9, callbacks: [LearningRateFinder(options { $0.isVerbose = false }), failing],
                verbose: .silent)
        }
        // The fit that failed had begun, with a random stream of its own.
        trainer.fitCount -= 1
        let isSameAgain = try trainer.captureState() == before
        #expect(isSameAgain && trainer.optimizer.hasSchedule)
    }

    @Test(
        "Nothing of what other callbacks do to weights and rates stays, or disturbs the test", arguments: [false, true])
    func others(isFirst: Bool) throws {
        let engine = try FakeEngine(learningRate: 0.3)
        engine.batches = 7
        engine.trainValue = { [unowned engine] _, _ in Self.loss(engine.optimizer.learningRate) }
        let finder = try LearningRateFinder(options { ($0.from, $0.to, $0.steps) = (1e-4, 1e-1, 31) })
        let others: [any Callback] = [
            try EarlyStopping(patience: 9, restoreBestWeights: true), try OneCycle(maxLR: 3), try WarmUp(.steps(50)),
            try SwapEMAWeights(momentum: 0.5),
        ]
        _ = try makeLoop(engine, isFirst ? [finder] + others : others + [finder]).fit()
        #expect(finder.sweep.rates.count == 31)
        #expect(agree(finder.sweep.losses, finder.sweep.rates.map(Self.loss)))
        #expect(engine.step == 0 && engine.weights == 0)
        #expect(engine.optimizer.learningRate == 0.3 && engine.optimizer.value(of: "momentum") == 0.9)
    }

    @Test("A saver beside it is an error before the first batch")
    func savers() throws {
        let engine = try FakeEngine()
        let saver = try ModelCheckpoint(.files("never.safetensors"))
        let message = failure { _ = try makeLoop(engine, [saver, LearningRateFinder()]).fit() }
        #expect(message.contains("leave out 'model_checkpoint', or find the rate before the fit"), "\(message)")
        #expect(engine.calls.isEmpty)
    }

    @Test("The chart has the loss, its ends and the suggestion; the picture is a file")
    func charts() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("rates.svg")
        let sweep = try test(options { ($0.steps, $0.smoothing, $0.svg) = (100, 0, path) }).finder.sweep
        let lines = sweep.plot.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        #expect(lines.count == 17)
        #expect(lines[0].hasPrefix("       2.0 |****"))
        #expect(lines.prefix(14).joined().filter { $0 == "*" }.count >= 60)
        #expect(lines[14].filter { $0 == "^" }.count == 1)
        #expect(lines[15].hasPrefix("            1e-07 "))
        #expect(lines[16] == "  loss over learning rate; \(sweep.summary)")
        #expect(lines.allSatisfy { $0.count <= 100 })
        #expect(SmallCallbackTests.contents(path) == sweep.svg)
        #expect(sweep.svg.contains("<polyline") && sweep.svg.hasSuffix("</svg>\n"))
        #expect(LearningRateSweep().plot == "lr_finder: there are too few steps to draw")
        #expect(LearningRateSweep().svg.hasSuffix("</svg>\n"))
    }

    @Test("Options out of range are refused, and so is resuming")
    func refusals() throws {
        func message(_ change: (inout LearningRateFinder.Options) -> Void) -> String {
            failure { _ = try LearningRateFinder(options(change)) }
        }
        #expect(message { $0.from = 0 } == "lr_finder: 'from' must be a finite number above 0, got 0.0")
        #expect(message { $0.to = 1e-8 } == "lr_finder: 'to' must be a finite number above 'from', 1e-07, got 1e-08")
        #expect(
            message { ($0.from, $0.to) = (1e-300, 1e300) }
                == "lr_finder: 'from' must be within 300 orders of magnitude of 'to', 1e+300, got 1e-300")
        #expect(message { $0.steps = 1 } == "lr_finder: 'steps' must be a whole number of 2 or more, got 1")
        #expect(
            message { $0.smoothing = 1 } == "lr_finder: 'smoothing' must be a number of 0 or more and below 1, got 1.0")
        #expect(message { $0.divergence = 1 } == "lr_finder: 'divergence' must be a finite number above 1, got 1.0")
        let keeper = CheckpointKeeper()
        _ = try makeLoop(FakeEngine(), [keeper]).fit()
        let checkpoint = try #require(keeper.kept.last)
        #expect(
            failure {
                _ = try makeLoop(FakeEngine(), [LearningRateFinder()]) { $0.epochs = 2 }.fit(
                    resuming: Checkpoint(checkpoint.state, path: "a"))
            }.hasPrefix("lr_finder: a range test is not resumed"))
    }
}
