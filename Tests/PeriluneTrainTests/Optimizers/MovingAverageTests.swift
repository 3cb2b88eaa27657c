import PeriluneData
import PeriluneGraph
import PeriluneNN
import PeriluneTestSupport
import Testing

@testable import PeriluneTrain

/// The average that an optimizer keeps of the weights.
struct MovingAverageTests {
    private static func optimizer(_ average: MovingAverage) throws -> Optimizer {
        let optimizer = try Optimizer.sgd(learningRate: 0.1, momentum: 0.9)
        try optimizer.setMovingAverage(average)
        return optimizer
    }

    /// The weights after each update of a fit of three epochs, and at its end.
    private static func fit(
        _ average: MovingAverage, _ callbacks: [any Callback] = []
    ) throws -> (steps: [[Float]], end: [Float]) {
        let trainer = try EveryOptimizerTests.trainer(optimizer(average))
        var steps: [[Float]] = []
        let watch = LambdaCallback(on: .trainBatchEnd) { context in
            steps.append(context.run.readWeights().flatMap(\.floats))
            return nil
        }
        try EveryOptimizerTests.fit(trainer, epochs: 3, [watch] + callbacks)
        return (steps, try EveryOptimizerTests.weights(trainer).flatMap(\.floats))
    }

    private static func average(_ steps: [[Float]], momentum: Float) -> [Float] {
        steps.dropFirst().reduce(steps[0]) { average, weights in
            zip(average, weights).map { momentum * $0 + (1 - momentum) * $1 }
        }
    }

    private static func isClose(_ a: [Float], _ b: [Float]) -> Bool {
        a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-5 }
    }

    @Test func `a fit ends with the average of the weights after each update`() throws {
        let plain = try Self.fit(MovingAverage())
        let averaged = try Self.fit(MovingAverage(isKept: true, momentum: 0.7))
        #expect(averaged.steps.count == 9)
        #expect(averaged.steps == plain.steps)
        #expect(plain.end == plain.steps[8])
        #expect(Self.isClose(averaged.end, Self.average(plain.steps, momentum: 0.7)))
        #expect(!Self.isClose(averaged.end, plain.end))
    }

    @Test func `the weights become their average each so many updates`() throws {
        let plain = try Self.fit(MovingAverage())
        let averaged = try Self.fit(MovingAverage(isKept: true, momentum: 0.7, overwriteFrequency: 4))
        #expect(averaged.steps[..<3] == plain.steps[..<3])
        #expect(Self.isClose(averaged.steps[3], Self.average(Array(plain.steps[..<4]), momentum: 0.7)))
    }

    @Test func `callbacks that choose the last weights have their way`() throws {
        let kept = try KeepBestWeights(monitor: "loss")
        let best = try Self.fit(MovingAverage(isKept: true, momentum: 0.7), [kept])
        #expect(best.end == kept.bestWeights?.flatMap(\.floats))
        let swap = try SwapEMAWeights(momentum: 0.2)
        let swapped = try Self.fit(MovingAverage(isKept: true, momentum: 0.7), [swap])
        #expect(Self.isClose(swapped.end, Self.average(swapped.steps, momentum: 0.2)))
    }

    @Test func `weights of layers that do not train stay`() throws {
        let trainer = try EveryOptimizerTests.trainer(Self.optimizer(MovingAverage(isKept: true)))
        try EveryOptimizerTests.fit(trainer, epochs: 1)
        trainer.setFrozen(true, layersMatching: "first")
        let written = try EveryOptimizerTests.weights(trainer).map { Tensor($0.floats.map { $0 + 1 }, shape: $0.shape) }
        try trainer.setWeights(written)
        try EveryOptimizerTests.fit(trainer, epochs: 1)
        let after = try EveryOptimizerTests.weights(trainer)
        #expect(after[0] == written[0] && after[1] == written[1])
        #expect(after[2] != written[2])
    }

    @Test func `a fit without a batch leaves the weights alone`() throws {
        let trainer = try EveryOptimizerTests.trainer(Self.optimizer(MovingAverage(isKept: true)))
        try EveryOptimizerTests.fit(trainer, epochs: 1)
        let written = try EveryOptimizerTests.weights(trainer).map { Tensor($0.floats.map { $0 + 1 }, shape: $0.shape) }
        try trainer.setWeights(written)
        let stop = LambdaCallback(on: .trainBegin) { _ in .stop("at once") }
        try EveryOptimizerTests.fit(trainer, epochs: 1, [stop])
        #expect(try EveryOptimizerTests.weights(trainer) == written)
    }

    @Test func `numbers out of range are refused`() throws {
        let optimizer = try Optimizer.sgd()
        #expect(
            failure { try optimizer.setMovingAverage(MovingAverage(momentum: 1.5)) }
                == "sgd: 'ema_momentum' must be a number from 0 to 1, got 1.5")
        #expect(
            failure { try optimizer.setMovingAverage(MovingAverage(overwriteFrequency: 0)) }
                == "sgd: 'ema_overwrite_frequency' must be a whole number of 1 or more, got 0")
        for factor in [0, -1, .infinity, 1e-300, 1e300] {
            #expect(
                failure { try optimizer.setLossScaleFactor(factor) }
                    == "sgd: 'loss_scale_factor' must be a number above 0 that single precision can hold, got \(factor)"
            )
        }
    }
}
