import PeriluneData
import PeriluneGraph
import PeriluneNN
import PeriluneTestSupport
import Testing

@testable import PeriluneTrain

/// Killed and resumed equals never interrupted, bit for bit.
@Suite("Resuming")
struct ResumeTests {
    /// Counts what it sees, and steers by it.
    private final class Counter: Callback {
        var name: String { "counter" }
        var batches = 0
        func prepare(for run: Run) { batches = 0 }
        func onTrainBatchEnd(_ batch: Int, _ logs: Logs, _ run: Run) -> Directive? {
            batches += 1
            return batches == 17 ? .learningRateScale(0.5) : batches == 23 ? .freeze("first") : nil
        }
        var savedState: StateValue { .integer(batches) }
        func restore(_ state: StateValue, in run: Run) { batches = state.integer ?? 0 }
    }

    private func options(_ change: (inout FitOptions) -> Void) -> FitOptions {
        var options = FitOptions()
        (options.epochs, options.batchSize, options.verbose) = (6, 48, .silent)
        change(&options)
        return options
    }

    private func train(
        seed: UInt64 = 5, _ options: FitOptions, saver: CheckpointKeeper = CheckpointKeeper(),
        optimizer: Optimizer? = nil,
        others: () throws -> [any Callback] = { [try SwapEMAWeights(momentum: 0.9, startFromStep: 4)] }
    ) throws -> (outcome: ResumeOutcome, saver: CheckpointKeeper, remarks: [String]) {
        let model = Sequential([
            Dense(24, activation: .tanh, name: "first"), BatchNormalization(), Dropout(0.3), Dense(10),
        ])
        let trainer = try Trainer(
            model,
            optimizer: optimizer ?? .adam(schedule: CosineDecay(initial: 0.01, decaySteps: 60)),
            loss: SparseCategoricalCrossentropy(), metrics: [Accuracy()], seed: seed)
        var remarks: [String] = []
        trainer.message = { remarks.append($0) }
        let (data, validation) = try Dataset.digits().take(300).split(0.8)
        let callbacks: [any Callback] =
            [Counter()] + (try others()) + [
                try EarlyStopping(monitor: "val_loss", patience: 2, restoreBestWeights: true),
                try ReduceLROnPlateau(monitor: "loss", factor: 0.5, patience: 1, minDelta: 0.5), saver,
            ]
        let history = try trainer.fit(data, options, validation: validation, callbacks: callbacks)
        return (try ResumeOutcome(trainer, history, callbacks), saver, remarks)
    }

    @Test(
        "From every batch and every epoch, with dropout, shuffling, a schedule, a plateau and early stopping",
        arguments: [1, 3])
    func everywhere(accumulate: Int) throws {
        let folder = try TemporaryFolder()
        let path = folder.path("run.safetensors")
        let plan = options { $0.accumulate = accumulate }
        let whole = try train(plan)
        #expect(whole.saver.kept.count > 30)
        for (index, checkpoint) in whole.saver.kept.enumerated() {
            try checkpoint.write(to: path)
            let resumed = try train(seed: 99, options { ($0.accumulate, $0.resume) = (accumulate, path) })
            let isSame = resumed.outcome == whole.outcome
            #expect(isSame, "checkpoint \(index + 1)")
        }
    }

    @Test("With validation every few steps and a fixed number of steps an epoch")
    func steps() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("run.safetensors")
        func plan(_ resume: String?) -> FitOptions {
            options { ($0.validationEvery, $0.stepsPerEpoch, $0.epochs, $0.resume) = (.steps(4), 7, 4, resume) }
        }
        let whole = try train(plan(nil))
        for checkpoint in whole.saver.kept {
            try checkpoint.write(to: path)
            let isSame = try train(plan(path)).outcome == whole.outcome
            #expect(isSame)
        }
    }

    @Test("With averages, going back, freezing, rates of layers and the best weights in memory", arguments: [1, 2])
    func averagingAndRescue(accumulate: Int) throws {
        let folder = try TemporaryFolder()
        let path = folder.path("run.safetensors")
        let sets: [() throws -> [any Callback]] = [
            {
                var options = Rollback.Options()
                (options.spike, options.every, options.warmUp, options.maxTimes) = (1.02, .steps(3), 2, 4)
                (options.skip, options.window, options.learningRateScale) = (1, 4, 0.9)
                return [
                    try Rollback(options), try SwapEMAWeights(momentum: 0.8, updateEvery: 2, swapOnEpoch: true),
                    try KeepBestWeights(monitor: "val_loss"), try FreezeSchedule(["dense": 2...2, "batch*": 3...4]),
                ]
            },
            {
                [
                    try StochasticWeightAveraging(startEpoch: 2, every: .epochs(1), learningRate: 0.004),
                    try LayerLearningRates(["*": 0.5, "dense": 1.5]), try FreezeSchedule(unfreezing: ["first": 2]),
                    try KeepBestWeights(monitor: "loss", restoreAtEnd: false),
                ]
            },
        ]
        for others in sets {
            let whole = try train(options { $0.accumulate = accumulate }, others: others)
            for checkpoint in whole.saver.kept.enumerated().filter({ $0.offset % 2 == 0 }).map(\.element) {
                try checkpoint.write(to: path)
                let plan = options { ($0.accumulate, $0.resume) = (accumulate, path) }
                let resumed = try train(seed: 99, plan, others: others)
                let differences = resumed.outcome.differences(from: whole.outcome)
                #expect(differences.isEmpty, "\(checkpoint.state["run"]?["step"] ?? .null) \(resumed.remarks)")
            }
        }
    }

    @Test("Other factors for layers count from the resumed step on, and are remarked")
    func otherFactors() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("run.safetensors")
        func others(_ factor: Double) -> () throws -> [any Callback] {
            { [try LayerLearningRates(["first": factor])] }
        }
        let whole = try train(options { _ in }, others: others(0.5))
        try whole.saver.kept[10].write(to: path)
        let resumed = try train(options { $0.resume = path }, others: others(0))
        #expect(
            resumed.remarks.count {
                $0 == "layer_learning_rates: other factors than when the checkpoint was written; those of now count"
            } == 1)
        let weights = try (0..<2).map { index in
            let state = (index == 0 ? whole.saver.kept[10] : resumed.saver.kept[5]).state
            return try #require(state["engine"]?["weights"]?["first/kernel"]?.tensor)
        }
        #expect(weights[0] == weights[1])
    }

    @Test("What the user sets anew counts: learning rate and epochs")
    func changes() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("run.safetensors")
        let plan = options { $0.epochs = 3 }
        let first = try train(plan, optimizer: .sgd(learningRate: 0.1, momentum: 0.9))
        try first.saver.kept[first.saver.kept.count - 1].write(to: path)
        let second = try train(
            options { ($0.epochs, $0.resume) = (5, path) }, optimizer: .sgd(learningRate: 0.02, momentum: 0.9))
        #expect(second.outcome.epochs == [1, 2, 3, 4, 5])
        // The counter halves it in the fourth epoch.
        #expect(second.outcome.columns["lr"]?[3] == 0.01)
        #expect(
            second.remarks.contains { $0.hasSuffix("; new in this run: epochs, learning_rate") }, "\(second.remarks)")
        // With the rate that the first one was given, it goes on with what callbacks had made of that.
        let same = try train(
            options { ($0.epochs, $0.resume) = (5, path) }, optimizer: .sgd(learningRate: 0.1, momentum: 0.9))
        let whole = try train(options { $0.epochs = 5 }, optimizer: .sgd(learningRate: 0.1, momentum: 0.9))
        let isSame = same.outcome == whole.outcome
        #expect(isSame)
    }

    @Test("A finished run is not trained again, and no checkpoint yet is a fresh start")
    func ends() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("run.safetensors")
        let fresh = try train(options { ($0.epochs, $0.resume) = (2, path) })
        #expect(fresh.remarks.contains("there is no checkpoint at \(path) yet: starting afresh"))
        try fresh.saver.kept[fresh.saver.kept.count - 1].write(to: path)
        let again = try train(options { ($0.epochs, $0.resume) = (2, path) })
        let isSame = again.outcome == fresh.outcome
        #expect(isSame)
        #expect(again.saver.kept.isEmpty)
    }

    @Test("Another loss, and other metrics, are told in a line each")
    func objectives() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("run.safetensors")
        let keeper = CheckpointKeeper()
        func fit(
            _ loss: any Loss, _ metrics: [any Metric] = [LossMetric(MeanAbsoluteError())], weights: [Float] = [],
            resume: String? = nil
        ) throws -> (remarks: [String], loss: [Double]) {
            let trainer = try Trainer(
                Sequential([Dense(1)]), optimizer: .sgd(learningRate: 0), losses: [loss], metrics: [metrics],
                lossWeights: weights, seed: 3)
            var remarks: [String] = []
            trainer.message = { remarks.append($0) }
            let history = try trainer.fit(
                .tensors(testTensor([8, 2]), testTensor([8, 1])),
                options { ($0.epochs, $0.batchSize, $0.shuffle, $0.resume) = (1, 4, false, resume) },
                callbacks: resume == nil ? [keeper] : [])
            return (remarks.filter { $0.hasPrefix("resume: ") }, history["loss"] ?? [])
        }
        _ = try fit(Huber(delta: 2))
        // After the first of two batches.
        try keeper.kept[0].write(to: path)
        #expect(try fit(Huber(delta: 2), resume: path).remarks == [])
        let former = "what was best so far was measured with the former"
        #expect(
            try fit(Huber(delta: 0.5), resume: path).remarks == [
                "resume: the loss was huber (delta 2.0), and is huber (delta 0.5) now; " + former
            ])
        #expect(
            try fit(Huber(delta: 2), weights: [0.25], resume: path).remarks == [
                "resume: the loss was huber (delta 2.0), and is huber (delta 2.0), weighted 0.25 now; " + former
            ])
        let other = try fit(MeanSquaredError(), [], resume: path)
        #expect(
            other.remarks == [
                "resume: the loss was huber (delta 2.0), and is mean_squared_error now; " + former,
                "resume: the metrics were mean_absolute_error, and are none now",
            ])
        // Nothing is learned: the loss of the second batch alone, and not of one with the other loss before it.
        let second = try Trainer(
            Sequential([Dense(1)]), optimizer: .sgd(learningRate: 0), loss: MeanSquaredError(), seed: 3)
        let rest = try Dataset.tensors(testTensor([8, 2]), testTensor([8, 1])).split(0.5).rest
        #expect(try other.loss == [#require(second.evaluate(rest, verbose: .silent)["loss"])])
        // A checkpoint that does not tell.
        var fields = try #require(keeper.kept[0].state.record)
        fields["objective"] = nil
        try Checkpoint(.record(fields)).write(to: path)
        #expect(try fit(MeanSquaredError(), [], resume: path).remarks == [])
    }

    /// A host's own loss.
    private struct Scaled: Loss {
        let name = "scaled"
        let factor: Float
        var identity: String?

        init(_ factor: Float, identity: String?) { (self.factor, self.identity) = (factor, identity) }

        func perSample(_ yTrue: SymbolicTensor, _ yPred: Prediction) throws -> SymbolicTensor {
            try (yTrue - yPred.tensor).squared() * factor
        }
    }

    @Test func `a host's own loss is known by its identity, and one without is told`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("run.safetensors")
        func remarks(_ saved: any Loss, _ resumed: any Loss) throws -> [String] {
            let keeper = CheckpointKeeper()
            var remarks: [String] = []
            func fit(_ loss: any Loss, resume: String?) throws {
                let trainer = try Trainer(
                    Sequential([Dense(1)]), optimizer: .sgd(learningRate: 0), loss: loss, seed: 3)
                trainer.message = { remarks.append($0) }
                _ = try trainer.fit(
                    .tensors(testTensor([8, 2]), testTensor([8, 1])),
                    options { ($0.epochs, $0.batchSize, $0.shuffle, $0.resume) = (1, 4, false, resume) },
                    callbacks: resume == nil ? [keeper] : [])
            }
            try fit(saved, resume: nil)
            try keeper.kept[0].write(to: path)
            try fit(resumed, resume: path)
            return remarks.filter { $0.hasPrefix("resume: ") }
        }
        #expect(try remarks(Scaled(1, identity: "factor 1"), Scaled(1, identity: "factor 1")) == [])
        #expect(try remarks(Scaled(1, identity: ""), Scaled(1, identity: "")) == [])
        let former = "what was best so far was measured with the former"
        #expect(
            try remarks(Scaled(1, identity: "factor 1"), Scaled(2, identity: "factor 2")) == [
                "resume: the loss was scaled (factor 1), and is scaled (factor 2) now; " + former
            ])
        #expect(
            try remarks(Scaled(1, identity: nil), Scaled(2, identity: nil)) == [
                "resume: whether scaled is the loss that it was cannot be told: it has no identity"
            ])
        #expect(
            try remarks(Scaled(1, identity: nil), MeanSquaredError()) == [
                "resume: the loss was scaled, and is mean_squared_error now; " + former
            ])
    }

    @Test("Another model, optimizer or data set is refused, with the first difference")
    func mismatches() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("run.safetensors")
        let first = try train(options { $0.epochs = 1 })
        try first.saver.kept[0].write(to: path)
        func message(
            _ layers: [any Layer] = [
                Dense(24, activation: .tanh, name: "first"), BatchNormalization(), Dropout(0.3), Dense(10),
            ], optimizer: Optimizer? = nil, rows: Int = 240, batch: Int = 48
        ) throws -> String {
            let trainer = try Trainer(
                Sequential(layers), optimizer: optimizer ?? .adam(schedule: CosineDecay(initial: 0.01, decaySteps: 60)),
                loss: SparseCategoricalCrossentropy(), metrics: [Accuracy()], seed: 0)
            trainer.message = { _ in }
            let data = try Dataset.digits().take(300).split(0.8).0.take(rows)
            let error = #expect(throws: (any Error).self) {
                try trainer.fit(data, options { ($0.resume, $0.batchSize) = (path, batch) })
            }
            #expect(trainer.step == 0)
            return error.map { "\($0)" } ?? ""
        }
        #expect(
            try message([Dense(25, name: "first"), Dense(10)])
                == "\(path): is of another model: it has layer 'batch_normalization' (batch_normalization), "
                + "the model has layer 'dense' (dense) there")
        #expect(
            try message([Dense(25, name: "first"), BatchNormalization(), Dropout(0.3), Dense(10)])
                == "\(path): is of another model: it has weight 'first/kernel' float32[64, 24], the model has weight "
                + "'first/kernel' float32[64, 25] there")
        #expect(
            try message(optimizer: .sgd()) == "\(path): is of a run with the optimizer adam, this one has sgd")
        #expect(
            try message(rows: 200).hasPrefix("\(path): is of a run on other data: 240 examples of x float32[64], y "))
        #expect(
            try message(batch: 32)
                == "\(path): is from within epoch 1 of a run with 'batch_size' 48, this one has 32; "
                + "that can change at the end of an epoch only")
    }
}
