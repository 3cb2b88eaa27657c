import PeriluneGraph
import PeriluneItems
import PeriluneNN
import PeriluneTestSupport
import Testing

/// The tensors of the metric fixtures.
enum MetricFixture {
    static func data(_ kind: String) -> (truth: Tensor, prediction: Tensor) {
        let labels = testLabels([40], classes: 4, seed: 14)
        let scores = testTensor([40, 4], seed: 15, in: 0...1)
        return switch kind {
        case "binary": (testLabels([40, 1], classes: 2, seed: 11), testTensor([40, 1], seed: 12, in: 0...1))
        case "sparse": (labels, scores)
        case "real": (testTensor([40, 2], seed: 16), testTensor([40, 2], seed: 17))
        default:
            (Tensor(labels.integers.flatMap { l in (0..<4).map { Float($0 == l ? 1 : 0) } }, shape: [40, 4]), scores)
        }
    }

    static let weights = testTensor([40], seed: 13, in: 0...2)

    static func metric(_ name: String) throws -> any Metric {
        switch name {
        // What Keras has without being asked.
        case "auc": AUC(thresholdCount: 200)
        case "auc:pr": AUC(curve: .precisionRecall, thresholdCount: 200)
        case "precision_at_recall": PrecisionAtRecall(0.6, thresholdCount: 200)
        case "recall_at_precision": RecallAtPrecision(0.5, thresholdCount: 200)
        case "sensitivity_at_specificity": SensitivityAtSpecificity(0.5, thresholdCount: 200)
        case "specificity_at_sensitivity": SpecificityAtSensitivity(0.5, thresholdCount: 200)
        case "top_k_categorical_accuracy": TopKCategoricalAccuracy(k: 2)
        case "sparse_top_k_categorical_accuracy": SparseTopKCategoricalAccuracy(k: 2)
        case "precision:top2": Precision(topK: 2)
        case "recall:class1": Recall(classID: 1)
        case "f1_score:micro": F1Score(average: .micro)
        case "f1_score:weighted": F1Score(average: .weighted)
        case "fbeta_score:2": FBetaScore(beta: 2, threshold: 0.4)
        case "r2_score:weighted": R2Score(aggregation: .varianceWeightedAverage)
        default: try MetricCatalogue.named(name)
        }
    }

    /// The result over batches of 25 and 15 samples, whose statistics are put together.
    static func result(_ metric: any Metric, _ data: (truth: Tensor, prediction: Tensor), weighted: Bool) throws
        -> Double
    {
        var sums: [Double] = []
        for (start, count) in [(0, 25), (25, 15)] {
            func part(_ x: SymbolicTensor) throws -> SymbolicTensor {
                let starts = [start] + [Int](repeating: 0, count: x.rank - 1)
                let floats = try x.cast(to: .float32)
                return try floats.sliced(starts: starts, extents: [count] + x.shape.dropFirst().dimensions)
                    .cast(to: x.dtype)
            }
            let statistics = try evaluate([data.truth, data.prediction, weights]) { _, x in
                [try metric.statistics(part(x[0]), part(x[1]), sampleWeight: weighted ? part(x[2]) : nil)]
            }[0].floats.map(Double.init)
            if sums.isEmpty { sums = [Double](repeating: 0, count: statistics.count) }
            metric.add(statistics, to: &sums, at: sums.indices)
        }
        return metric.result(sums)
    }
}

struct MetricTests {
    @Test(arguments: metricFixtures.map(\.name)) func `agrees with Keras over two batches`(name: String) throws {
        let fixture = try #require(metricFixtures.first { $0.name == name })
        let metric = try MetricFixture.metric(name)
        let data = MetricFixture.data(fixture.data)
        for (weighted, expected) in [(false, fixture.value), (true, fixture.weighted)] {
            let value = try MetricFixture.result(metric, data, weighted: weighted)
            #expect(abs(value - expected) <= 2e-6 * max(1, abs(expected)), "\(value), expected \(expected)")
        }
    }

    @Test(arguments: MetricCatalogue.names) func `names give metrics of their name and a direction`(
        name: String
    ) throws {
        let metric = try MetricCatalogue.named(name)
        #expect(metric.name == name)
        #expect(metric.direction != nil)
        #expect(metric.result([]).isNaN == false)
    }

    @Test func `aliases keep their spelling in logs`() throws {
        #expect(try MetricCatalogue.named("mae").name == "mae")
        #expect(try MetricCatalogue.named("acc").name == "acc")
        #expect(try MetricCatalogue.named("AUC").name == "auc")
        #expect(try MetricCatalogue.named("F1Score").name == "f1_score")
        expectModelError("unknown metric 'acuracy'; did you mean 'accuracy'?") { try MetricCatalogue.named("acuracy") }
    }

    @Test func `accuracy is the one that loss and shapes ask for`() throws {
        func name(_ loss: (any Loss)?, _ yTrue: Shape, _ yPred: Shape) -> String {
            let metric = Accuracy().resolved(loss: loss, yTrue: TensorSpec(yTrue), yPred: TensorSpec(yPred))
            return String(describing: type(of: metric))
        }
        #expect(name(nil, [8], [8, 10]) == "SparseCategoricalAccuracy")
        #expect(name(nil, [8, 1], [8, 10]) == "SparseCategoricalAccuracy")
        #expect(name(nil, [8, 10], [8, 10]) == "CategoricalAccuracy")
        #expect(name(nil, [8, 1], [8, 1]) == "BinaryAccuracy")
        #expect(name(BinaryCrossentropy(), [8, 10], [8, 10]) == "BinaryAccuracy")
    }

    @Test func `thresholds see probabilities where the loss takes logits`() throws {
        let logits = Tensor([-1, 0.3, 2, 0.4] as [Float], shape: [4, 1])
        let truth = Tensor([0, 1, 1, 1] as [Float], shape: [4, 1])
        let metric = BinaryAccuracy()
        let sums = try evaluate([truth, logits]) { _, x in
            [try metric.statistics(x[0], Prediction(x[1]), loss: BinaryCrossentropy())]
        }[0].floats.map(Double.init)
        #expect(metric.result(sums) == 1)
    }

    @Test func `f1 takes class numbers too`() throws {
        let expected = try MetricFixture.result(F1Score(), MetricFixture.data("oneHot"), weighted: false)
        #expect(try MetricFixture.result(F1Score(), MetricFixture.data("sparse"), weighted: false) == expected)
    }

    @Test func `shapes that do not fit are explained`() {
        let builder = GraphBuilder()
        let (labels, scores) = (builder.input(0, TensorSpec([8], .int32)), builder.input(1, TensorSpec([8, 3])))
        expectModelError(
            "precision: y_true and y_pred must have the same shape, got [8] and [8, 3]; "
                + "y_true looks like class numbers: make it one-hot"
        ) { try Precision().statistics(labels, scores, sampleWeight: nil) }
        expectModelError("class_id of recall is 3, but y_pred has the shape [8, 3]") {
            try Recall(classID: 3).statistics(scores, scores, sampleWeight: nil)
        }
    }
}
