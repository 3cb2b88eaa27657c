import CAllocationCounter
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
            model, optimizer: .adam(), loss: SparseCategoricalCrossentropy(), metrics: [Accuracy()])
        trainer.message = { _ in }
        return trainer
    }

    /// Allocations of 32 batches.
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
            let validation = try validates ? digits.take(16 * batches) : nil
            perilune_count_allocations()
            try trainer.fit(digits, options, validation: validation, callbacks: callbacks)
            return Int(perilune_counted_allocations())
        }
        // The first runs compile, and set up what is set up once.
        for batches in [8, 40] { _ = try allocations(batches: batches) }
        return try allocations(batches: 40) - allocations(batches: 8)
    }

    @Test("without callbacks") func plain() throws { #expect(try cost([]) == 0) }

    @Test("with validation") func validation() throws { #expect(try cost([], validates: true) == 0) }

    @Test("with a callback that reads the loss of each batch") func reading() throws {
        var last = 0.0
        let reader = LambdaCallback(on: .trainBatchEnd) { context in
            last = context.logs["loss"] ?? .nan
            return nil
        }
        #expect(try cost([reader]) == 0)
        #expect(last > 0)
    }

    @Test("with gradients shown, and several batches to an update") func splitting() throws {
        let listener = LambdaCallback(on: .backwardEnd) { _ in nil }
        #expect(try cost([listener]) == 0)
        #expect(try cost([]) { $0.accumulate = 2 } == 0)
    }
}
