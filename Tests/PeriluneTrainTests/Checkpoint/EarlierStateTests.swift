import PeriluneData
import PeriluneGraph
import PeriluneNN
import PeriluneTestSupport
import Testing

@testable import PeriluneTrain

/// What checkpoints of earlier versions lack, and what they have in another form.
struct EarlierStateTests {
    @Test func `states that do not say whose they are are named in a line`() throws {
        let keeper = CheckpointKeeper()
        let engine = try FakeEngine()
        _ = try makeLoop(engine, [EarlyStopping(monitor: "loss", patience: 9), keeper]) { $0.epochs = 2 }.fit()
        let state = try #require(keeper.kept[0].state.record)
        // By place, as they once were.
        let old: StateValue = [
            "callbacks[10]": ["wait": 1], "callbacks[2]": ["wait": 1],
            "early_stopping": try #require(state["callbacks"]?["early_stopping"]),
        ]
        let checkpoint = Checkpoint(
            .record(state.merging(["callbacks": old]) { $1 }), path: keeper.kept[0].path)
        let resumed = try FakeEngine()
        _ = try makeLoop(resumed, [EarlyStopping(monitor: "loss", patience: 9)]) { $0.epochs = 2 }
            .fit(resuming: checkpoint)
        let lines = resumed.remarks.filter { $0.hasPrefix("resume: ") }
        #expect(
            lines == [
                "resume: the checkpoint, of an earlier version, does not tell whose the states 'callbacks[2]', "
                    + "'callbacks[10]' are; those callbacks begin afresh"
            ])
    }

    @Test func `a loss is told in the words that checkpoints have always had`() throws {
        let losses: [(any Loss, String)] = [
            (MeanSquaredError(), "mean_squared_error"), (Huber(delta: 2), "huber (delta 2.0)"),
            (BinaryCrossentropy(labelSmoothing: 0.1), "binary_crossentropy (label_smoothing 0.1)"),
            (
                CategoricalCrossentropy(fromLogits: true, labelSmoothing: 0),
                "categorical_crossentropy (from_logits true, label_smoothing 0.0)"
            ),
            (
                SparseCategoricalCrossentropy(fromLogits: false),
                "sparse_categorical_crossentropy (from_logits false)"
            ),
        ]
        for (loss, text) in losses {
            let trainer = try Trainer(Sequential([Dense(1)]), optimizer: .sgd(), loss: loss, seed: 1)
            #expect(trainer.lossText == text)
        }
    }

    @Test func `means of an epoch without the statistics of a metric begin anew`() throws {
        // A run with the metric in another form was saved within an epoch: the loss is that of the rest.
        let folder = try TemporaryFolder()
        let path = folder.path("run.safetensors")
        func fit(_ metric: any Metric, resume: String?, _ callbacks: [any Callback] = []) throws -> [Double] {
            let trainer = try Trainer(
                Sequential([Dense(1, activation: .sigmoid)]), optimizer: .sgd(learningRate: 0),
                loss: BinaryCrossentropy(), metrics: [metric], seed: 3)
            trainer.message = { _ in }
            var options = FitOptions()
            (options.batchSize, options.shuffle, options.verbose, options.resume) = (4, false, .silent, resume)
            let truth = Tensor([0, 1, 0, 1, 0, 0, 1, 1] as [Float], shape: [8, 1])
            let history = try trainer.fit(.tensors(testTensor([8, 2]), truth), options, callbacks: callbacks)
            return history["loss"] ?? []
        }
        let keeper = CheckpointKeeper()
        let whole = try fit(AUC(thresholdCount: 200), resume: nil, [keeper])
        try keeper.kept[0].write(to: path)
        #expect(try fit(AUC(thresholdCount: 200), resume: path) == whole)
        let rest = try #require(try fit(AUC(), resume: path).first)
        #expect(rest.isFinite && rest > whole[0] / 2 && rest < whole[0] * 2)
    }
}
