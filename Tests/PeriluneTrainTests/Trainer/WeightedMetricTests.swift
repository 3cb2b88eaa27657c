import PeriluneData
import PeriluneGraph
import PeriluneNN
import PeriluneTestSupport
import Testing

@testable import PeriluneTrain

/// Metrics in which an example counts by its weight, and those in which all count alike.
struct WeightedMetricTests {
    private func trainer(
        metrics: [any Metric] = [], weighted: [any Metric] = [], _ optimizer: Optimizer? = nil
    ) throws -> Trainer {
        let trainer = try Trainer(
            Sequential([Dense(1)]), optimizer: optimizer ?? .sgd(learningRate: 0), loss: MeanSquaredError(),
            metrics: metrics, weightedMetrics: weighted, seed: 2)
        trainer.message = { _ in }
        // The model gives back what it is given.
        try trainer.state.build([TensorSpec([1])])
        try trainer.setWeights([Tensor([1.0], shape: [1, 1]), Tensor([0.0], shape: [1])])
        return trainer
    }

    /// Errors 1, 2, 3, 4, 5 of the weights 1, 0, 2, 0.5, 0.5.
    private func data() throws -> Dataset {
        try .tensors(
            Tensor([1, 2, 3, 4, 5] as [Float], shape: [5, 1]), Tensor(repeating: 0, shape: [5, 1]),
            sampleWeights: Tensor([1, 0, 2, 0.5, 0.5] as [Float], shape: [5]))
    }

    @Test(arguments: [1, 2, 5]) func `evaluate weights the loss and the weighted metrics alone`(batch: Int) throws {
        let logs = try trainer(metrics: [LossMetric(MeanAbsoluteError())], weighted: [LossMetric(MeanAbsoluteError())])
            .evaluate(data(), batchSize: batch)
        // Keras: the loss is divided by the number of samples, a metric by the sum of its weights.
        let loss: Double = (1 + 2 * 9 + 0.5 * 16 + 0.5 * 25) / 5
        #expect(abs((logs["loss"] ?? 0) - loss) < 1e-6)
        #expect(logs["mean_absolute_error"] == 3)
        #expect(logs["weighted_mean_absolute_error"] == 2.875)
    }

    @Test func `a weighted metric has its own name where that is free`() throws {
        let logs = try trainer(weighted: [LossMetric(MeanAbsoluteError())]).evaluate(data())
        #expect(logs.names.filter { $0.contains("absolute") } == ["mean_absolute_error"])
        #expect(logs["mean_absolute_error"] == 2.875)
        // Without weights all count alike.
        let plain = try Dataset.tensors(
            Tensor([1, 2] as [Float], shape: [2, 1]), Tensor(repeating: 0, shape: [2, 1]))
        #expect(try trainer(weighted: [LossMetric(MeanAbsoluteError())]).evaluate(plain)["mean_absolute_error"] == 1.5)
    }

    @Test func `two metrics of one name are told apart`() throws {
        let metric = LossMetric(MeanAbsoluteError(), name: "error")
        let logs = try trainer(
            metrics: [metric, LossMetric(MeanSquaredError(), name: "error")], weighted: [metric, metric]
        ).evaluate(data())
        #expect(logs.names == ["loss", "error", "error_1", "weighted_error", "weighted_error_1"])
        #expect(logs["error"] == 3 && logs["error_1"] == 11)
        #expect(logs["weighted_error"] == logs["weighted_error_1"])
    }

    @Test func `class weights count in training, as in Keras`() throws {
        // Class 1 is predicted right, class 0 wrong.
        let trainer = try Trainer(
            Sequential([Dense(2)]), optimizer: .sgd(learningRate: 0), loss: SparseCategoricalCrossentropy(),
            metrics: [Accuracy()], weightedMetrics: [Accuracy()], seed: 2)
        trainer.message = { _ in }
        try trainer.state.build([TensorSpec([1])])
        try trainer.setWeights([Tensor(repeating: 0, shape: [1, 2]), Tensor([-1, 1] as [Float], shape: [2])])
        let data = try Dataset.tensors(
            Tensor(repeating: 0, shape: [4, 1]), Tensor([0, 1, 1, 1] as [Int32], shape: [4]))
        var options = FitOptions()
        (options.verbose, options.classWeight, options.batchSize) = (.silent, .named([0: 5]), 3)
        let history = try trainer.fit(data, options, validation: data)
        #expect(history["accuracy"] == [0.75])
        #expect(history["weighted_accuracy"] == [3.0 / 8])
        #expect(history["val_weighted_accuracy"] == [0.75])
    }

    @Test func `each output has its own, and is told what is missing`() throws {
        let input = Input([1])
        let model = try Model(
            inputs: [input], outputs: [Dense(1, name: "a")(input), Dense(1, name: "b")(input)])
        let metric = LossMetric(MeanAbsoluteError(), name: "mae")
        func trainer(_ weighted: [[any Metric]]) throws -> Trainer {
            try Trainer(
                model, optimizer: .sgd(learningRate: 0), losses: [MeanSquaredError()], metrics: [[metric], []],
                weightedMetrics: weighted, seed: 1)
        }
        let data = try Dataset.tensors(
            inputs: [("x", Tensor(repeating: 1, shape: [2, 1]))],
            targets: ["a", "b"].map { ($0, Tensor(repeating: 0, shape: [2, 1])) },
            sampleWeights: Tensor([1, 0] as [Float], shape: [2]))
        let names = try trainer([[metric], [metric]]).evaluate(data).names
        #expect(names == ["loss", "a_loss", "b_loss", "a_mae", "a_weighted_mae", "b_mae"])
        #expect(failure { _ = try trainer([[], [], []]).evaluate(data) }.contains("3 lists of weighted metrics"))
    }

    @Test func `a mean over batches of other statistics begins anew`() {
        // A checkpoint of a run with a metric of another form.
        var statistics = RunningStatistics(StatisticsLayout([[]], outputs: ["y"]))
        statistics.restore(["rows": 10, "sums": .init([50.0, 3, 3])])
        [2].withUnsafeBufferPointer { statistics.add($0, rows: 4, sizes: []) }
        #expect(statistics.runningValue(0, sizes: []) == 2)
    }
}
