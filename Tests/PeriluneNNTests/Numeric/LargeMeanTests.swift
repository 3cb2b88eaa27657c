import PeriluneGraph
import PeriluneItems
import PeriluneNN
import PeriluneTestSupport
import Testing

/// Variances, and what rests on them, where the mean is large against the deviation: against references in double
/// precision on the same float32 numbers.
@Suite struct LargeMeanTests {
    static let offsets: [Float] = [0, 1e4, -1e5, 1e6]

    /// Numbers with a deviation of about 1 around `offset`.
    private func values(_ shape: Shape, around offset: Float, seed: Int = 1) -> Tensor {
        Tensor(testTensor(shape, seed: seed, in: -2...2).floats.map { $0 + offset }, shape: shape)
    }

    private func moments(_ values: [Double]) -> (mean: Double, variance: Double) {
        let mean = values.reduce(0, +) / Double(values.count)
        return (mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count))
    }

    // MARK: R²

    /// R² of batches of these sizes, put together, and in double precision.
    private func r2(
        _ truth: Tensor, _ prediction: Tensor, batches: [Int], weights: Tensor? = nil,
        _ metric: R2Score = R2Score()
    ) throws -> Double {
        let outputs = truth.shape[-1]
        var sums = [Double](repeating: 0, count: 5 * outputs + 1)
        var start = 0
        for count in batches {
            func part(_ x: Tensor, _ width: Int) -> Tensor {
                let elements = Array(x.floats[start * width..<(start + count) * width])
                return Tensor(elements, shape: x.shape.replacing(axis: 0, with: count))
            }
            let inputs = [part(truth, outputs), part(prediction, outputs)] + (weights.map { [part($0, 1)] } ?? [])
            let statistics = try evaluate(inputs) { _, x in
                [try metric.statistics(x[0], x[1], sampleWeight: x.count > 2 ? x[2] : nil)]
            }[0].floats.map(Double.init)
            metric.add(statistics, to: &sums, at: sums.indices)
            start += count
        }
        return metric.result(sums)
    }

    private func reference(_ truth: Tensor, _ prediction: Tensor, weights: [Double]) -> Double {
        let outputs = truth.shape[-1]
        let total = weights.reduce(0, +)
        let scores = (0..<outputs).map { output in
            let rows = weights.indices.map { row in
                (y: Double(truth.floats[row * outputs + output]), p: Double(prediction.floats[row * outputs + output]))
            }
            let mean = zip(weights, rows).reduce(0) { $0 + $1.0 * $1.1.y } / total
            let variation = zip(weights, rows).reduce(0) { $0 + $1.0 * ($1.1.y - mean) * ($1.1.y - mean) }
            let errors = zip(weights, rows).reduce(0) { $0 + $1.0 * ($1.1.y - $1.1.p) * ($1.1.y - $1.1.p) }
            return 1 - errors / variation
        }
        return scores.reduce(0, +) / Double(outputs)
    }

    @Test(arguments: offsets) func `R² is that of double precision, over batches of any size`(offset: Float) throws {
        let truth = values([60, 2], around: offset)
        let noise = testTensor([60, 2], seed: 5, in: -0.5...0.5).floats
        let prediction = Tensor(zip(truth.floats, noise).map { $0 + $1 }, shape: [60, 2])
        let weights = testTensor([60], seed: 6, in: 0...2)
        let plain = reference(truth, prediction, weights: [Double](repeating: 1, count: 60))
        let weighted = reference(truth, prediction, weights: weights.floats.map(Double.init))
        #expect((0.8..<1).contains(plain))
        for batches in [[60], [32, 28], [1, 59], [20, 20, 20], [Int](repeating: 1, count: 60)] {
            #expect(abs(try r2(truth, prediction, batches: batches) - plain) < 1e-5, "\(batches)")
            #expect(abs(try r2(truth, prediction, batches: batches, weights: weights) - weighted) < 1e-5, "\(batches)")
        }
    }

    @Test func `R² of a far first row is right too`() throws {
        var floats = values([40, 1], around: 3).floats
        floats[0] = -1e5
        let truth = Tensor(floats, shape: [40, 1])
        let prediction = Tensor(floats.map { $0 * 1.001 }, shape: [40, 1])
        let expected = reference(truth, prediction, weights: [Double](repeating: 1, count: 40))
        #expect(abs(try r2(truth, prediction, batches: [25, 15]) - expected) < 1e-6)
    }

    @Test(arguments: [0.7, 0, 1e4, -1e6] as [Float], R2Score.Aggregation.allCases)
    func `targets that never change score 0, or 1 where they are hit`(
        value: Float, aggregation: R2Score.Aggregation
    ) throws {
        let truth = Tensor([Float](repeating: value, count: 30), shape: [30, 1])
        let off = Tensor((0..<30).map { value + Float($0 % 3) * 0.5 - 0.5 }, shape: [30, 1])
        let metric = R2Score(aggregation: aggregation)
        for batches in [[30], [7, 23], [1, 29]] {
            #expect(try r2(truth, off, batches: batches, metric) == 0)
            #expect(try r2(truth, truth, batches: batches, metric) == 1)
        }
    }

    @Test func `R² of a target that is no number is none`() throws {
        let truth = Tensor([1, .nan, 3] as [Float], shape: [3, 1])
        #expect(try r2(truth, values([3, 1], around: 0), batches: [3]).isNaN)
    }

    // MARK: Means of errors

    @Test(arguments: offsets, ["mse", "mae", "rmse", "log_cosh", "huber"])
    func `errors are as exact as the difference`(offset: Float, name: String) throws {
        let truth = values([50, 3], around: offset)
        let prediction = values([50, 3], around: offset, seed: 9)
        func value(_ y: Tensor, _ p: Tensor) throws -> Double {
            let metric = try MetricCatalogue.named(name)
            return metric.result(
                try evaluate([y, p]) { _, x in [try metric.statistics(x[0], x[1], sampleWeight: nil)] }[0]
                    .floats.map(Double.init))
        }
        let differences = zip(truth.floats, prediction.floats).map { Double($0) - Double($1) }
        let near = Tensor(differences.map { Float($0) }, shape: [50, 3])
        let expected = try value(near, Tensor([Float](repeating: 0, count: 150), shape: [50, 3]))
        #expect(abs(try value(truth, prediction) - expected) <= 1e-5 * expected)
    }

    @Test(arguments: offsets) func `the cosine is that of double precision`(offset: Float) throws {
        let (truth, prediction) = (values([20, 8], around: offset), values([20, 8], around: offset, seed: 9))
        let cosines = (0..<20).map { row in
            let (y, p) = (truth.floats[row * 8..<row * 8 + 8], prediction.floats[row * 8..<row * 8 + 8])
            let dot = zip(y, p).reduce(0) { $0 + Double($1.0) * Double($1.1) }
            let squares = [y, p].map { $0.reduce(0) { $0 + Double($1) * Double($1) } }
            return dot / (squares[0] * squares[1]).squareRoot()
        }
        let metric = CosineSimilarityMetric()
        let value = metric.result(
            try evaluate([truth, prediction]) { _, x in [try metric.statistics(x[0], x[1], sampleWeight: nil)] }[0]
                .floats.map(Double.init))
        #expect(abs(value - cosines.reduce(0, +) / 20) < 1e-6)
    }

    // MARK: Normalization

    private enum Case: String, CaseIterable {
        case layer, layerOverTwoAxes, group, instance, batchOfRows, batchOfImages, batchOfManyRows

        var shape: Shape {
            switch self {
            case .layer: [6, 64]
            case .layerOverTwoAxes: [3, 5, 16]
            case .group, .instance: [2, 4, 4, 8]
            case .batchOfRows: [33, 5]
            case .batchOfImages: [4, 9, 9, 16]
            case .batchOfManyRows: [3000, 3]
            }
        }

        func layer() -> any Layer {
            switch self {
            case .layer: LayerNormalization(epsilon: 1e-5)
            case .layerOverTwoAxes: LayerNormalization(axes: [-2, -1], epsilon: 1e-5)
            case .group: GroupNormalization(groups: 2, epsilon: 1e-5)
            case .instance: GroupNormalization(groups: -1, epsilon: 1e-5)
            case .batchOfRows, .batchOfImages, .batchOfManyRows: BatchNormalization(momentum: 0, epsilon: 1e-5)
            }
        }

        /// Which elements are normalized together.
        func group(of element: Int) -> Int {
            let channels = shape[-1]
            let row = element / shape.dropFirst().elementCount
            switch self {
            case .layer, .layerOverTwoAxes: return row
            case .group: return row * 2 + element % channels / (channels / 2)
            case .instance: return row * channels + element % channels
            case .batchOfRows, .batchOfImages, .batchOfManyRows: return element % channels
            }
        }
    }

    @Test(arguments: offsets, Case.allCases.map(\.rawValue))
    func `normalized numbers are those of double precision`(offset: Float, name: String) throws {
        let kind = try #require(Case(rawValue: name))
        let x = values(kind.shape, around: offset)
        let model = Sequential([kind.layer()])
        try model.build(inputShapes: [kind.shape.dropFirst()])
        let (outputs, updates) = try evaluateModel(model, [x], isTraining: true)
        var groups: [Int: [Double]] = [:]
        for (index, value) in x.floats.enumerated() { groups[kind.group(of: index), default: []].append(Double(value)) }
        let expected = groups.mapValues(moments)
        var worst = 0.0
        for (index, value) in outputs[0].floats.enumerated() {
            let (mean, variance) = try #require(expected[kind.group(of: index)])
            let right = (Double(x.floats[index]) - mean) / (variance + 1e-5).squareRoot()
            worst = max(worst, abs(Double(value) - right))
        }
        #expect(worst < 1e-4)
        // Batch normalization without memory: the moving averages are this batch's.
        guard updates.count == 2 else { return }
        for channel in expected.keys {
            let (mean, variance) = try #require(expected[channel])
            #expect(abs(Double(updates[0].floats[channel]) - mean) <= 1e-6 * abs(mean) + 5e-6)
            #expect(abs(Double(updates[1].floats[channel]) - variance) < 1e-4 * variance)
        }
    }

    @Test(arguments: offsets) func `moving averages are taken off before the scale`(offset: Float) throws {
        let x = values([10, 4], around: offset)
        let model = Sequential([BatchNormalization()])
        try model.build(inputShapes: [[4]])
        let y = try evaluateModel(model, [x]) { variable in
            switch variable.name {
            case "moving_mean": Tensor([Float](repeating: offset, count: 4), shape: [4])
            case "moving_variance": Tensor([2, 3, 5, 7] as [Float], shape: [4])
            case "gamma": Tensor([0.3, 1, 3, 1.7] as [Float], shape: [4])
            default: Tensor([0, 1, 2, 3] as [Float], shape: [4])
            }
        }.outputs[0].floats
        for (index, value) in y.enumerated() {
            let channel = index % 4
            let scale = [0.3, 1, 3, 1.7][channel] / ([2, 3, 5, 7][channel] + 1e-3).squareRoot()
            let right = (Double(x.floats[index]) - Double(offset)) * scale + Double(channel)
            #expect(abs(Double(value) - right) < 1e-5)
        }
    }
}
