import PeriluneData
import PeriluneGraph
import PeriluneNN
import Testing

@testable import PeriluneTrain

/// Fits that leave a part of the data out: `drop_last` and `validation_steps`.
@Suite("Parts of the data")
struct PartialDataTests {
    /// Ten examples, one after the other.
    private func generated() -> Dataset {
        .generator(yields: .examples) {
            var row = 0
            return {
                guard row < 10 else { return nil }
                row += 1
                return GeneratedExamples(
                    inputs: [Tensor([Float(row), 1], shape: [2])], targets: [Tensor([1 as Float], shape: [1])])
            }
        }
    }

    private func sizes(_ data: Dataset, _ change: (inout FitOptions) -> Void) throws -> (sizes: [Int], steps: Int) {
        var options = FitOptions()
        (options.epochs, options.batchSize, options.dropsLast, options.verbose) = (2, 4, true, .silent)
        change(&options)
        var sizes: [Int] = []
        let watch = LambdaCallback(on: .trainBatchEnd) { context in
            sizes.append(Int(context.logs["size"] ?? 0))
            return nil
        }
        let trainer = try lineTrainer(.sgd(learningRate: 0.01))
        try trainer.fit(data, options, callbacks: [watch])
        return (sizes, trainer.step)
    }

    @Test("The last batch is left out where it is smaller", arguments: [false, true])
    func dropLast(isGenerated: Bool) throws {
        let data = isGenerated ? generated() : try line()
        #expect(try sizes(data) { _ in } == ([4, 4, 4, 4], 4))
        #expect(try sizes(data) { $0.batchSize = 5 } == ([5, 5, 5, 5], 4))
        #expect(try sizes(data) { $0.dropsLast = false } == ([4, 4, 2, 4, 4, 2], 6))
        #expect(try sizes(data) { ($0.batchSize, $0.accumulate) = (3, 2) } == ([3, 3, 3, 3, 3, 3], 4))
    }

    @Test func `Fewer rows than a batch make one batch`() throws {
        #expect(try sizes(line()) { $0.batchSize = 64 } == ([10, 10], 2))
    }

    @Test func `With a number of steps each pass leaves out its last batch`() throws {
        #expect(try sizes(line()) { $0.stepsPerEpoch = 3 } == ([4, 4, 4, 4, 4, 4], 6))
    }

    @Test func `A validation has its first batches, each time`() throws {
        var options = FitOptions()
        (options.epochs, options.batchSize, options.validationSteps, options.verbose) = (2, 4, 2, .silent)
        var batches: [Int] = []
        let watch = LambdaCallback(on: .testBatchEnd) { context in
            batches.append(context.run.testBatch)
            return nil
        }
        let trainer = try lineTrainer(.sgd(learningRate: 0))
        let history = try trainer.fit(line(), options, validation: line(), callbacks: [watch])
        #expect(batches == [1, 2, 1, 2])
        let first = try #require(try trainer.evaluate(line().take(8))["loss"])
        #expect(try #require(history["val_loss"]).allSatisfy { abs($0 - first) < 1e-6 })
        #expect(throws: TrainingError.self) {
            options.validationSteps = 0
            try trainer.fit(line(), options, validation: line())
        }
    }
}
