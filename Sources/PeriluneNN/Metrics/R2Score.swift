public import PeriluneGraph
public import PeriluneItems

/// The share of the truth's variance that the prediction explains (keras.metrics.R2Score): the mean of the outputs'
/// scores, or the mean weighted by their variances.
///
/// Where the truth never changes there is no variance to explain: 1 for a prediction without error, otherwise 0, as in
/// sklearn.metrics.r2_score. Truth and prediction [n, outputs] or [n].
public struct R2Score: Metric, Hashable, Sendable {
    public static let declaration = MetricDeclaration(
        "r2_score", aliases: ["r2"], R2Score(),
        options: [
            .optional("class_aggregation", \.aggregation, .choice(), "how the outputs' scores become one"),
            .name(\.name),
        ],
        help: "The share of variance that is explained."
    ) { try R2Score(aggregation: $0[\.aggregation], name: $0[\.name]) }

    public enum Aggregation: String, Hashable, Sendable, CaseIterable {
        case uniformAverage = "uniform_average"
        case varianceWeightedAverage = "variance_weighted_average"
    }

    public let name: String
    public let direction: MetricDirection? = .maximize
    public let aggregation: Aggregation

    public init(aggregation: Aggregation = .uniformAverage, name: String = "r2_score") {
        self.aggregation = aggregation
        self.name = name
    }

    /// Of each output the moments of the truth, and the sum of the squared errors, as `Moments` reads them.
    public func statistics(
        _ yTrue: SymbolicTensor, _ yPred: SymbolicTensor, sampleWeight: SymbolicTensor?
    ) throws -> SymbolicTensor {
        let (y, p) = try LabelShapes.matched(yTrue, yPred, name)
        guard y.rank == 2 else {
            throw ModelError(.shapeMismatch, "\(name): y_pred must be [n, outputs], got shape \(yPred.shape)")
        }
        let weights =
            try sampleWeight.map { try SampleWeight.flat($0, count: y.shape[0]) } ?? y.builder.fill(1, [y.shape[0]])
        let column = try weights.expandingAxis(1)
        // Squares are summed about the mean: in float32 those of a large mean would leave nothing of the variance.
        let origin = try y.sliced(starts: [0, 0], extents: [1, y.shape[1]])
        let offsets = try y - origin
        let mean = try offsets.mean([0], keepingAxes: true)
        let rest = try offsets - mean
        return try .concatenated(
            [
                origin.reshaped(to: [y.shape[1]]), mean.reshaped(to: [y.shape[1]]), (rest * column).sum([0]),
                (rest.squared() * column).sum([0]), ((y - p).squared() * column).sum([0]),
                weights.sum().reshaped(to: [1]),
            ], axis: 0)
    }

    /// Puts mean and squares together by the formulas of Chan, Golub and LeVeque (1979).
    public func add(_ batch: [Double], to total: inout [Double], at place: Range<Int>) {
        let moments = Moments(place)
        let (before, new) = (moments.weight(in: total), moments.weight(in: batch))
        guard new != 0 else { return }
        let weight = before + new
        for output in 0..<moments.count {
            let old = moments.mean(output, in: total)
            let shift = before == 0 ? 0 : moments.mean(output, in: batch) - old
            let mean = before == 0 ? moments.mean(output, in: batch) : old + shift * new / weight
            let squares =
                moments.squares(output, in: total) + moments.squares(output, in: batch)
                + shift * shift * before * new / weight
            let errors = moments.errors(output, in: total) + moments.errors(output, in: batch)
            moments.write(mean, squares, errors, of: output, to: &total)
        }
        total[place.upperBound - 1] = weight
    }

    public func result(_ statistics: [Double]) -> Double {
        let moments = Moments(statistics.indices)
        guard moments.weight(in: statistics) > 0 else { return 0 }
        var (scores, weighted, variations) = (0.0, 0.0, 0.0)
        for output in 0..<moments.count {
            let variation = moments.squares(output, in: statistics)
            let errors = moments.errors(output, in: statistics)
            let score = variation == 0 ? (errors == 0 ? 1 : 0) : 1 - errors / variation
            scores += score
            weighted += score * variation
            variations += variation
        }
        // Where no output varies none of them outweighs another.
        guard aggregation == .varianceWeightedAverage, variations != 0 else { return scores / Double(moments.count) }
        return weighted / variations
    }
}

/// Where the moments of each output are among the statistics: an origin, the mean of what lies beyond it, sum and sum
/// of squares about both, and the squared errors; each for all outputs in turn, and at last the samples' weight.
private struct Moments {
    private let start: Int
    private let end: Int
    let count: Int

    init(_ place: Range<Int>) {
        (start, end) = (place.lowerBound, place.upperBound)
        count = max(0, place.count - 1) / 5
    }

    func weight(in values: [Double]) -> Double { start < end ? values[end - 1] : 0 }

    func mean(_ output: Int, in values: [Double]) -> Double {
        let weight = weight(in: values)
        guard weight != 0 else { return 0 }
        return values[start + output] + values[start + count + output] + values[start + 2 * count + output] / weight
    }

    /// About the mean; NaN where a value is.
    func squares(_ output: Int, in values: [Double]) -> Double {
        let weight = weight(in: values)
        guard weight != 0 else { return 0 }
        let sum = values[start + 2 * count + output]
        let squares = values[start + 3 * count + output] - sum * sum / weight
        return squares < 0 ? 0 : squares
    }

    func errors(_ output: Int, in values: [Double]) -> Double { values[start + 4 * count + output] }

    /// In the same form, with the mean as the origin.
    func write(_ mean: Double, _ squares: Double, _ errors: Double, of output: Int, to values: inout [Double]) {
        values[start + output] = mean
        values[start + count + output] = 0
        values[start + 2 * count + output] = 0
        values[start + 3 * count + output] = squares
        values[start + 4 * count + output] = errors
    }
}
