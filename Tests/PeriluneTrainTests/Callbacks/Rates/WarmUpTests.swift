import Testing

@testable import PeriluneTrain

@Suite("WarmUp")
struct WarmUpTests {
    @Test("A straight line to the rate, as PyTorch's LinearLR")
    func line() throws {
        // LinearLR(start_factor=0.25, total_iters=4) of torch 2.13 on a rate of 0.2.
        let expected = [0.05, 0.0875, 0.125, 0.1625, 0.2, 0.2]
        let engine = try FakeEngine(learningRate: 0.2)
        #expect(agree(try stepRates([WarmUp(.steps(4), from: 0.25)], engine: engine, epochs: 3).rates, expected))
        #expect(engine.optimizer.learningRate == 0.2)
    }

    @Test("From 0, and by epochs: as many updates as they have")
    func epochs() throws {
        let engine = try FakeEngine(learningRate: 1)
        engine.batches = 3
        let rates = try stepRates([WarmUp(.epochs(2))], engine: engine, epochs: 3, accumulate: 2).rates
        #expect(agree(rates, [0, 0.25, 0.5, 0.75, 1, 1]))
    }

    @Test("A schedule is multiplied")
    func schedule() throws {
        let engine = try FakeEngine(schedule: PolynomialDecay(initial: 1, decaySteps: 8, end: 0))
        let rates = try stepRates([WarmUp(.steps(4))], engine: engine, epochs: 3).rates
        #expect(agree(rates, [0, 0.25 * 0.875, 0.5 * 0.75, 0.75 * 0.625, 0.5, 0.375]))
        #expect(engine.optimizer.hasSchedule)
    }

    @Test("What other callbacks set and scale meanwhile is the rate without it")
    func others() throws {
        let scheduler = LearningRateScheduler { epoch, rate in epoch == 1 ? 1 : rate / 2 }
        let engine = try FakeEngine(learningRate: 8)
        #expect(
            agree(
                try stepRates([scheduler, WarmUp(.steps(4))], engine: engine, epochs: 3).rates,
                [0, 0.25, 0.25, 0.375, 0.25, 0.25]))
        let other = try FakeEngine(learningRate: 1)
        let plateau = try ReduceLROnPlateau(monitor: "loss", factor: 0.5, patience: 1)
        #expect(
            agree(
                try stepRates([plateau, WarmUp(.steps(6))], engine: other, epochs: 4).rates,
                [0, 1.0 / 6, 2.0 / 6, 3.0 / 6, 4.0 / 12, 5.0 / 12, 0.25, 0.25]))
    }

    @Test("A run that ends within its warm-up leaves the rate as it was, and the next one warms up again")
    func short() throws {
        let engine = try FakeEngine(learningRate: 1)
        let warmUp = try WarmUp(.steps(100))
        _ = try makeLoop(engine, [warmUp]).fit()
        #expect(engine.optimizer.learningRate == 1)
        engine.failing = (1, 2)
        #expect(throws: TrainingError.self) { try makeLoop(engine, [warmUp]).fit() }
        #expect(engine.optimizer.learningRate == 1)
        engine.failing = nil
        engine.step = 0
        #expect(try stepRates([warmUp], engine: engine, epochs: 1).rates == [0, 0.01])
    }

    @Test("Options out of range are refused")
    func options() throws {
        #expect(failure { _ = try WarmUp(.steps(0)) } == "warm_up: 'steps' must be a whole number of 1 or more, got 0")
        #expect(
            failure { _ = try WarmUp(.steps(1), from: -1) }
                == "warm_up: 'from' must be a finite number of 0 or more, got -1.0")
    }

    @Test("Resumes exactly within a warm-up, with and without a schedule", arguments: [false, true])
    func resume(scheduled: Bool) throws {
        try expectExactResume(optimizer: {
            scheduled ? try .adam(schedule: CosineDecay(initial: 0.02, decaySteps: 30)) : try .adam(learningRate: 0.01)
        }) {
            [
                try WarmUp(.epochs(3), from: 0.1),
                try ReduceLROnPlateau(monitor: "loss", factor: 0.5, patience: 1, minDelta: 0.5),
            ]
        }
    }
}
