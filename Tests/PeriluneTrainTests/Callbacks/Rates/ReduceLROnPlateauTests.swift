import Testing

@testable import PeriluneTrain

@Suite("ReduceLROnPlateau")
struct ReduceLROnPlateauTests {
    struct Vector: CustomTestStringConvertible {
        var scores: [Double?] = [Double?](repeating: 1, count: 8)
        var patience: Int
        var cooldown = 0
        var minLR = 0.0
        var minDelta = 0.0
        var rates: [Double]
        var testDescription: String { "patience \(patience) cooldown \(cooldown)" }
    }

    // Without cooldown as measured on Keras. With cooldown n the n epochs after a reduction do not count, as in
    // PyTorch: worked out by hand from the rule of torch.optim.lr_scheduler.ReduceLROnPlateau, with its patience + 1
    // for ours.
    static let vectors = [
        Vector(patience: 0, rates: [1, 0.5, 0.25, 0.125, 0.0625, 0.03125, 0.015625, 0.0078125]),
        Vector(patience: 1, rates: [1, 0.5, 0.25, 0.125, 0.0625, 0.03125, 0.015625, 0.0078125]),
        Vector(patience: 1, cooldown: 1, rates: [1, 0.5, 0.5, 0.25, 0.25, 0.125, 0.125, 0.0625]),
        Vector(patience: 1, cooldown: 2, rates: [1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125]),
        Vector(patience: 2, rates: [1, 1, 0.5, 0.5, 0.25, 0.25, 0.125, 0.125]),
        Vector(patience: 2, cooldown: 1, rates: [1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25]),
        Vector(patience: 2, cooldown: 2, rates: [1, 1, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25]),
        Vector(patience: 2, cooldown: 3, rates: [1, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.25]),
        Vector(patience: 1, minLR: 0.2, rates: [1, 0.5, 0.25, 0.2, 0.2, 0.2, 0.2, 0.2]),
        Vector(scores: [1, nil, nil, 1, 1], patience: 2, rates: [1, 1, 1, 1, 0.5]),
        // Deviation: a NaN at the start does not freeze the best.
        Vector(scores: [.nan, 0.9, 0.8, 0.7], patience: 2, rates: [1, 1, 1, 1]),
        Vector(
            scores: [1, 1 - 5e-5, 1 - 9.9e-5, 1 - 1.5e-4], patience: 1, minDelta: 1e-4, rates: [1, 0.5, 0.25, 0.25]),
    ]

    @Test("Lowers the rate as listed", arguments: vectors)
    func lowers(_ vector: Vector) throws {
        let engine = try FakeEngine(learningRate: 1)
        var rates: [Double] = []
        let observer = LambdaCallback(on: .checkpoint) { context in
            rates.append(context.run.optimizer.learningRate)
            return nil
        }
        let plateau = try ReduceLROnPlateau(
            monitor: "score", factor: 0.5, patience: vector.patience, mode: .min, minDelta: vector.minDelta,
            cooldown: vector.cooldown, minLR: vector.minLR)
        let writer = LambdaCallback(on: .epochEnd) { context in
            context.logs["score"] = vector.scores[context.run.epoch - 1]
            return nil
        }
        for _ in 1...2 {
            rates = []
            try engine.optimizer.set("lr", 1)
            _ = try makeLoop(engine, [writer, plateau, observer]) { $0.epochs = vector.scores.count }.fit()
            #expect(rates == vector.rates)
        }
    }

    @Test("A schedule is scaled")
    func schedule() throws {
        let engine = try FakeEngine(schedule: ExponentialDecay(initial: 1, decaySteps: 2, rate: 0.5))
        let plateau = try ReduceLROnPlateau(monitor: "score", factor: 0.5, patience: 1, mode: .min, minDelta: 0)
        _ = try fitWithScores([1, 1], plateau, engine: engine)
        #expect(engine.optimizer.hasSchedule)
        #expect(engine.optimizer.scale == 0.5)
        #expect(engine.optimizer.learningRate == 0.125)
    }

    @Test("Impossible options are refused")
    func options() {
        #expect(throws: TrainingError.self) { try ReduceLROnPlateau(factor: 1) }
        #expect(throws: TrainingError.self) { try ReduceLROnPlateau(factor: 0) }
        #expect(throws: TrainingError.self) { try ReduceLROnPlateau(patience: -1) }
        #expect(throws: TrainingError.self) { try ReduceLROnPlateau(cooldown: -1) }
        #expect(throws: TrainingError.self) { try ReduceLROnPlateau(minLR: .nan) }
    }
}
