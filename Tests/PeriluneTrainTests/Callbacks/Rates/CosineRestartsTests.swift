import Testing

@testable import PeriluneTrain

@Suite("CosineRestarts")
struct CosineRestartsTests {
    // Keras's formula, in double precision.
    static let doubling = [
        0.5, 0.42677669529663687, 0.25, 0.07322330470336313, 0.5, 0.4809698831278217, 0.42677669529663687,
        0.34567085809127246, 0.25, 0.15432914190872757, 0.07322330470336313, 0.019030116872178315, 0.5,
        0.4951963201008076,
    ]
    static let fading = [
        1.0, 0.775, 0.325, 0.55, 0.49735999970177014, 0.3640708399750593, 0.2125, 0.1135691603231706,
        0.3219675479402302, 0.298679999850885, 0.2570589736794051, 0.2059587067475715,
    ]
    static let even = [1, 0.75, 0.25, 0.8, 0.6, 0.2, 0.64, 0.48]

    @Test("The values of Keras's CosineDecayRestarts")
    func schedule() throws {
        func values(_ schedule: CosineDecayRestarts, _ count: Int) -> [Double] { (0..<count).map(schedule.value) }
        #expect(agree(values(try .init(initial: 0.5, firstDecaySteps: 4), 14), Self.doubling))
        #expect(
            agree(values(try .init(initial: 1, firstDecaySteps: 3, tMul: 1.5, mMul: 0.5, alpha: 0.1), 12), Self.fading))
        #expect(agree(values(try .init(initial: 1, firstDecaySteps: 3, tMul: 1, mMul: 0.8), 8), Self.even))
    }

    @Test("A fall begins exactly where the one before ends, however many there were")
    func restarts() throws {
        for multiplier in [2.0, 3, 10] {
            let schedule = try CosineDecayRestarts(initial: 1, firstDecaySteps: 7, tMul: multiplier)
            var (start, length) = (0.0, 7.0)
            while start < 1e12 {
                #expect(schedule.value(at: Int(start)) == 1, "\(multiplier) \(start)")
                if start > 0 { #expect(schedule.value(at: Int(start) - 1) < 0.5) }
                (start, length) = (start + length, length * multiplier)
            }
        }
    }

    @Test("As a callback from the rate of the run, by steps and by epochs")
    func callback() throws {
        let engine = try FakeEngine(learningRate: 0.5)
        let rates = try stepRates([CosineRestarts(first: .steps(4))], engine: engine, epochs: 7).rates
        #expect(agree(rates, Self.doubling))
        let other = try FakeEngine(learningRate: 1)
        other.batches = 3
        let second = try stepRates(
            [CosineRestarts(first: .epochs(1), tMul: 1.5, mMul: 0.5, alpha: 0.1)], engine: other, epochs: 4)
        #expect(agree(second.rates, Self.fading))
    }

    @Test("Extreme numbers give finite values, or say why not")
    func extremes() throws {
        for multiplier in [1, 1 + 1e-12, 1e300, Double.greatestFiniteMagnitude] {
            let schedule = try CosineDecayRestarts(initial: 1, firstDecaySteps: 1, tMul: multiplier)
            for step in [0, 1, 2, 1_000_000_000, Int.max] {
                #expect((0...1).contains(schedule.value(at: step)), "\(multiplier) \(step)")
            }
        }
        #expect(
            failure {
                _ = try makeLoop(FakeEngine(), [CosineRestarts(first: .steps(1), tMul: 1, mMul: 1e300)]) {
                    $0.epochs = 2
                }.fit()
            }.hasPrefix("directive: 'm_mul' 1e+300 has made the learning rate inf"))
    }

    @Test("A schedule, and options out of range, are refused")
    func options() throws {
        let engine = try FakeEngine(schedule: ConstantSchedule(1))
        #expect(
            failure { _ = try makeLoop(engine, [CosineRestarts(first: .steps(1))]).fit() }
                .hasPrefix("cosine_restarts: the optimizer follows a schedule already"))
        #expect(
            failure { _ = try CosineRestarts(first: .steps(1), tMul: 0.5) }
                == "cosine_restarts: 't_mul' must be a finite number of 1 or more, got 0.5")
        #expect(
            failure { _ = try CosineRestarts(first: .epochs(0)) }
                == "cosine_restarts: 'epochs' must be a whole number of 1 or more, got 0")
        #expect(throws: TrainingError.self) { try CosineDecayRestarts(initial: 1, firstDecaySteps: 0) }
    }

    @Test("Resumes exactly, with a callback that changes the rate in between")
    func resume() throws {
        try expectExactResume {
            [
                try CosineRestarts(first: .steps(6), mMul: 0.7),
                try ReduceLROnPlateau(monitor: "loss", factor: 0.5, patience: 1, minDelta: 0.5),
            ]
        }
    }

    @Test("A learning rate given anew on resuming takes the old one's place")
    func anew() throws {
        let keeper = CheckpointKeeper()
        _ = try makeLoop(
            FakeEngine(learningRate: 0.5), [CosineRestarts(first: .steps(4)), keeper]
        ) { $0.epochs = 1 }.fit()
        let last = try #require(keeper.kept.last)
        for (rate, expected) in [(0.5, Self.doubling[3]), (5, 10 * Self.doubling[3])] {
            let engine = try FakeEngine(learningRate: rate)
            _ = try makeLoop(engine, [CosineRestarts(first: .steps(4))]) { $0.epochs = 2 }.fit(resuming: last)
            #expect(agree([engine.optimizer.learningRate], [expected]))
        }
    }
}
