import PeriluneData
import PeriluneGraph
import PeriluneNN
import Testing

@testable import PeriluneTrain

@Suite("Rollback")
struct RollbackTests {
    private func rollback(_ change: (inout Rollback.Options) -> Void = { _ in }) throws -> Rollback {
        var options = Rollback.Options()
        options.every = .steps(2)
        change(&options)
        return try Rollback(options)
    }

    /// Weights that are the number of the last update.
    private func engine(batches: Int = 20, _ value: @escaping (_ batch: Int) -> Double) throws -> FakeEngine {
        let engine = try FakeEngine(learningRate: 0.1)
        engine.batches = batches
        engine.trainValue = { value($1) }
        engine.weightsAfter = { Float($0) }
        return engine
    }

    /// Notes the weights after each batch.
    private func watch(_ engine: FakeEngine, _ weights: @escaping (Float) -> Void) -> Recorder {
        let watch = Recorder()
        watch.events = [.trainBatchEnd]
        watch.action = { _ in
            weights(engine.weights)
            return nil
        }
        return watch
    }

    @Test(
        "Goes back to a state that has proven good, lowers the rate, and forgets the batch",
        arguments: [Double.nan, .infinity])
    func notANumber(_ bad: Double) throws {
        let engine = try engine { $0 == 7 ? bad : 1 }
        var seen: [Float] = []
        let callback = try rollback()
        let history = try makeLoop(engine, [callback, watch(engine) { seen.append($0) }]).fit()
        // The state of step 6 was kept after batch 6, whose own loss says nothing about it: that of batch 7 condemns
        // it.
        #expect(seen == [1, 2, 3, 4, 5, 6, 4] + (8...20).map(Float.init))
        #expect(callback.returns.map(\.step) == [4])
        #expect(callback.returns.map(\.batch) == [7])
        #expect(engine.optimizer.learningRate == 0.05)
        #expect(history["loss"] == [1])
        #expect(history.endReason == .finished)
        #expect(
            engine.remarks.contains(
                "rollback: the loss of epoch 1, batch 7 is \(bad); back to the state of step 4, "
                    + "learning rate times 0.5 (1 of 3)"))
        #expect(callback.report["times"] == 1)
    }

    @Test("A spike is more than so many times the running mean, once that is known", arguments: [(2.9, 0), (3.1, 1)])
    func spike(_ value: Double, _ times: Int) throws {
        let callback = try rollback()
        _ = try makeLoop(
            engine { $0 == 3 ? 100 : $0 == 4 ? 1 : $0 == 15 ? value : 1 }, [try rollback { $0.warmUp = 3 }]
        ).fit()
        _ = try makeLoop(engine { $0 == 15 ? value : 1 }, [callback]).fit()
        #expect(callback.returns.count == times)
        let deaf = try rollback { $0.spike = nil }
        _ = try makeLoop(engine { $0 == 15 ? value : 1 }, [deaf]).fit()
        #expect(deaf.returns.isEmpty)
        let early = try rollback { $0.warmUp = 15 }
        _ = try makeLoop(engine { $0 == 15 ? value : 1 }, [early]).fit()
        #expect(early.returns.isEmpty)
    }

    @Test("Before the first kept state it goes back to the beginning")
    func beginning() throws {
        let engine = try engine { $0 == 1 ? .nan : 1 }
        engine.weights = -1
        var seen: [Float] = []
        _ = try makeLoop(engine, [rollback(), watch(engine) { seen.append($0) }]).fit()
        #expect(seen.prefix(2) == [-1, 2])
    }

    @Test("After so many times it goes back once more and stops")
    func stops() throws {
        let engine = try engine { $0 > 5 ? .nan : 1 }
        let callback = try rollback { $0.maxTimes = 2 }
        let history = try makeLoop(engine, [callback]).fit()
        #expect(history.endReason == .stopped)
        #expect(
            history.stopReason
                == "rollback: the loss of epoch 1, batch 8 is nan; back to the state of step 4, and no further: "
                + "it has gone back 2 times before")
        #expect(engine.weights == 4)
        #expect(engine.optimizer.learningRate == 0.025)
        #expect(callback.returns.count == 3)
    }

    @Test("Batches after the faulty one are left out")
    func skips() throws {
        let engine = try engine { $0 == 5 ? .nan : 1 }
        _ = try makeLoop(engine, [rollback { $0.skip = 3 }]).fit()
        #expect(engine.calls.count { $0 == "step" } == 17)
    }

    @Test("Gradients that wait for an update go too")
    func accumulated() throws {
        let engine = try engine(batches: 6) { $0 == 3 ? .nan : 1 }
        _ = try makeLoop(engine, [rollback()]) { $0.accumulate = 2 }.fit()
        #expect(
            engine.calls == [
                "backward", "backward", "update", "backward", "restore", "discard", "backward", "backward", "update",
                "backward", "update",
            ])
    }

    @Test("Options out of range and unknown monitors are found before the first batch")
    func options() throws {
        for change: (inout Rollback.Options) -> Void in [
            { $0.spike = 1 }, { $0.every = .steps(0) }, { $0.learningRateScale = 0 }, { $0.learningRateScale = 1.5 },
            { $0.maxTimes = -1 }, { $0.skip = -1 }, { $0.window = 0 }, { $0.warmUp = 0 },
            { ($0.spike, $0.onNaN) = (nil, false) },
        ] {
            #expect(throws: TrainingError.self) { try rollback(change) }
        }
        let engine = try FakeEngine()
        let error = try #require(throws: TrainingError.self) {
            try makeLoop(engine, [rollback { $0.monitor = "los" }]).fit()
        }
        #expect(error.message.hasPrefix("the logs of a batch have no 'los'; did you mean 'loss'?"), "\(error)")
        #expect(engine.calls.isEmpty)
    }

    @Test("A real model is saved from a step that ruins it")
    func realModel() throws {
        let model = Sequential([Dense(16, activation: .tanh), Dense(10)])
        let trainer = try Trainer(
            model, optimizer: .adam(learningRate: 0.01), loss: SparseCategoricalCrossentropy(), seed: 3)
        var remarks: [String] = []
        trainer.message = { remarks.append($0) }
        let data = try Dataset.digits().take(320)
        let ruin = Recorder()
        ruin.events = [.trainBatchEnd]
        ruin.action = { context in
            guard context.run.step == 25 else { return nil }
            try context.run.writeWeights(
                context.run.readWeights().map { Tensor(repeating: .nan, shape: $0.shape) })
            return nil
        }
        let callback = try rollback()
        // Updated before the rollback: its average goes back too.
        let average = try SwapEMAWeights(momentum: 0.9)
        let history = try trainer.fit(
            data, epochs: 6, batchSize: 32, callbacks: [ruin, average, callback], verbose: .silent)
        #expect(callback.returns.map(\.step) == [24])
        #expect(history["loss"]?.allSatisfy(\.isFinite) == true)
        #expect(history["loss"].map { $0[5] < $0[0] } == true)
        let isFinite = try trainer.getWeights().allSatisfy { $0.floats.allSatisfy(\.isFinite) }
        #expect(isFinite)
    }
}
