public import PeriluneGraph

/// The share of the truth's variance that the prediction explains (keras.metrics.R2Score): the mean of the outputs' scores,
/// or the mean weighted by their variances.
///
/// Truth and prediction [n, outputs] or [n].
public struct R2Score: Metric, Hashable, Sendable {
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

    /// Of each output the sum of the truth, of its squares, and of the squared errors; at last the samples' weight.
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
        return try .concatenated(
            [
                (y * column).sum([0]), (y.squared() * column).sum([0]), ((y - p).squared() * column).sum([0]),
                weights.sum().reshaped(to: [1]),
            ], axis: 0)
    }

    public func result(_ sums: [Double]) -> Double {
        let outputs = (sums.count - 1) / 3
        guard outputs > 0, let count = sums.last, count > 0 else { return 0 }
        var (total, weight) = (0.0, 0.0)
        for output in 0..<outputs {
            let (sum, squares, errors) = (sums[output], sums[outputs + output], sums[2 * outputs + output])
            let variation = squares - sum * sum / count
            let score = variation == 0 ? 0 : 1 - errors / variation
            let share = aggregation == .uniformAverage ? 1 : variation
            total += score * share
            weight += share
        }
        return Ratio.of(total, weight)
    }
}
