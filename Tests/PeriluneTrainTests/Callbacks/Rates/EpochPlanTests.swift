import PeriluneData
import PeriluneNN
import Testing

@testable import PeriluneTrain

@Suite("Plans of batch size and accumulation")
struct EpochPlanTests {
    /// Steps of each epoch in a fit of 96 rows.
    private func steps(_ callbacks: [any Callback], _ change: (inout FitOptions) -> Void = { _ in }) throws -> [Int] {
        let trainer = try Trainer(
            Sequential([Dense(10)]), optimizer: .sgd(learningRate: 0.1), loss: SparseCategoricalCrossentropy(), seed: 0)
        trainer.message = { _ in }
        var options = FitOptions()
        (options.epochs, options.batchSize, options.verbose) = (5, 8, .silent)
        change(&options)
        let history = try trainer.fit(Dataset.digits().take(96), options, callbacks: callbacks)
        let ends = history["step"]?.map { Int($0) } ?? []
        return zip(ends, [0] + ends).map { $0 - $1 }
    }

    @Test("The batch size of each epoch")
    func sizes() throws {
        #expect(try steps([BatchSizeSchedule([1: 16, 3: 32, 4: 96])]) == [6, 6, 3, 1, 1])
        #expect(try steps([BatchSizeSchedule([4: 48])]) == [12, 12, 12, 2, 2])
        // What counts is the epoch that comes, also where the run does not begin with the first.
        #expect(try steps([BatchSizeSchedule([1: 16, 3: 32, 4: 96])]) { $0.initialEpoch = 2 } == [3, 1, 1])
    }

    @Test("The batches an update of each epoch, with what is left over at its end")
    func batches() throws {
        #expect(try steps([GradientAccumulationSchedule([1: 1, 2: 5, 4: 12, 5: 1])]) == [12, 3, 3, 1, 12])
        #expect(try steps([GradientAccumulationSchedule([3: 2])]) { $0.accumulate = 3 } == [4, 4, 6, 6, 6])
        #expect(
            try steps([GradientAccumulationSchedule([2: 2]), BatchSizeSchedule([2: 16, 3: 48])]) == [12, 3, 1, 1, 1])
    }

    @Test("A directive changes it from the next epoch on")
    func directive() throws {
        let callback = LambdaCallback(on: .trainBatchEnd) { context in
            context.run.epoch == 2 && context.run.batch == 1 ? .accumulate(4) : nil
        }
        #expect(try steps([callback]) == [12, 12, 3, 3, 3])
        let (a, b) = (
            LambdaCallback(name: "a", on: .epochEnd) { _ in .accumulate(2) },
            LambdaCallback(name: "b", on: .epochEnd) { _ in .accumulate(3) }
        )
        let engine = try FakeEngine()
        engine.batches = 6
        _ = try makeLoop(engine, [a, b]) { $0.epochs = 2 }.fit()
        #expect(engine.step == 6 + 2)
        #expect(
            engine.remarks == [
                "on_epoch_end: accumulate: 3 from 'b' replaces 2 from 'a'",
                "on_epoch_end: accumulate: 3 from 'b' replaces 2 from 'a'",
            ])
        #expect(
            failure { _ = try Directive([.init("accumulate", .number(0.5))], hyperparameters: []) }
                == "directive: 'accumulate' must be a whole number of 1 or more, got 0.5")
    }

    @Test("Plans that cannot be are refused")
    func options() {
        #expect(
            failure { _ = try BatchSizeSchedule([:]) }
                == "batch_size_schedule: the plan is empty; give epochs: { [1] = 1, [5] = 2 }")
        #expect(
            failure { _ = try GradientAccumulationSchedule([1: 1, 0: 2]) }
                == "gradient_accumulation_schedule: epochs and their values must be whole numbers of 1 or more, got "
                + "[0] = 2")
        #expect(throws: TrainingError.self) { try BatchSizeSchedule([1: 0]) }
        // Nothing is to come after the last epoch there is.
        #expect(throws: Never.self) {
            try makeLoop(FakeEngine(), [BatchSizeSchedule([1: 2]), LearningRateFinder()]) { $0.initialEpoch = .max }
                .fit()
        }
    }

    @Test("Resumes exactly from every batch, with both plans and what accumulated")
    func resume() throws {
        try expectExactResume(stride: 1) {
            [try BatchSizeSchedule([1: 24, 3: 12, 4: 48]), try GradientAccumulationSchedule([2: 3, 4: 1, 5: 2])]
        }
    }

    @Test("An accumulation given anew on resuming counts from the next epoch on")
    func anew() throws {
        let keeper = CheckpointKeeper()
        let engine = try FakeEngine()
        engine.batches = 4
        _ = try makeLoop(engine, [GradientAccumulationSchedule([1: 2]), keeper], validates: false).fit()
        let last = try #require(keeper.kept.last)
        func resumed(_ accumulate: Int) throws -> Int {
            let engine = try FakeEngine()
            engine.batches = 4
            _ = try makeLoop(engine, [], validates: false) {
                ($0.epochs, $0.accumulate) = (2, accumulate)
            }.fit(resuming: last)
            return engine.step
        }
        // The first run was given 1 and a callback made 2 of it; who gives 1 again goes on with that.
        #expect(try resumed(1) == 4)
        #expect(try resumed(4) == 3)
    }
}
