import CAllocationCounter
import PeriluneData
import PeriluneGraph
import PeriluneNN
import Testing

@testable import PeriluneTrain

/// What a batch costs in heap allocations on the thread that trains. Those within oneDNN are not counted.
///
/// An epoch of 40 batches is held against one of 8, with all else the same: what an epoch costs falls out of the
/// difference, and what is left is what 32 batches cost.
@Suite("A steady fit allocates nothing", .serialized)
struct SteadyStateTests {
    private func trainer() throws -> Trainer {
        let model = Sequential([Dense(32, activation: .relu), Dropout(0.1), Dense(10)])
        let trainer = try Trainer(
            model, optimizer: .adam(), loss: SparseCategoricalCrossentropy(), metrics: [Accuracy()], seed: 0)
        trainer.message = { _ in }
        return trainer
    }

    /// Allocations of 32 batches, a few more or fewer.
    private func cost(
        _ callbacks: [any Callback], validates: Bool = false, _ change: (inout FitOptions) -> Void = { _ in }
    ) throws -> Int {
        let trainer = try trainer()
        let digits = try Dataset.digits().take(640)
        func allocations(batches: Int) throws -> Int {
            var options = FitOptions()
            (options.epochs, options.batchSize, options.stepsPerEpoch) = (1, 16, batches)
            options.verbose = .silent
            change(&options)
            options.validationBatchSize = 640 / batches
            let validation = validates ? digits : nil
            perilune_count_allocations()
            try trainer.fit(digits, options, validation: validation, callbacks: callbacks)
            return Int(perilune_counted_allocations())
        }
        // The first runs compile, and set up what is set up once.
        for batches in [8, 40] { _ = try allocations(batches: batches) }
        func least(batches: Int) throws -> Int { try (0..<3).map { _ in try allocations(batches: batches) }.min() ?? 0 }
        return try least(batches: 40) - least(batches: 8)
    }

    /// Preparing a run costs two or three allocations more or fewer from run to run; one for every fourth batch shows.
    private func expectNothing(_ allocations: Int, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(abs(allocations) < 8, "32 batches", sourceLocation: sourceLocation)
    }

    @Test("without callbacks") func plain() throws { try expectNothing(cost([])) }

    @Test("and one allocation a batch would show") func counts() throws {
        var kept: [[Int]] = []
        kept.reserveCapacity(10_000)
        let allocating = LambdaCallback(on: .trainBatchEnd) { _ in
            kept.append([Int](repeating: kept.count, count: 100))
            return nil
        }
        #expect(try cost([allocating]) >= 32 - 8)
        #expect(kept.count > 40)
    }

    @Test("with validation") func validation() throws { try expectNothing(cost([], validates: true)) }

    @Test("with a callback that reads the loss of each batch") func reading() throws {
        var last = 0.0
        let reader = LambdaCallback(on: .trainBatchEnd) { context in
            last = context.logs["loss"] ?? .nan
            return nil
        }
        try expectNothing(cost([reader]))
        #expect(last > 0)
    }

    @Test("with an average of the weights, and a rollback that waits") func averaging() throws {
        try expectNothing(cost([SwapEMAWeights()]))
        var options = Rollback.Options()
        options.every = .steps(1_000_000)
        try expectNothing(cost([Rollback(options)]))
    }

    @Test("with gradients shown, and several batches to an update") func splitting() throws {
        let listener = LambdaCallback(on: .backwardEnd) { _ in nil }
        try expectNothing(cost([listener]))
        try expectNothing(cost([]) { $0.accumulate = 2 })
    }
}
