public import PeriluneGraph

/// The best of one rate where another is at least a given value, over evenly spaced thresholds: what
/// `PrecisionAtRecall` and its like share.
public protocol OperatingPoint: Metric {
    /// What the other rate must reach, 0 to 1.
    var bound: Float { get }
    /// How many thresholds are looked at, 3 to 100000.
    var thresholdCount: Int { get }

    /// The rate that is bounded and the one whose best counts, of the decisions at one threshold.
    static func rates(_ rates: DecisionRates) -> (bounded: Double, best: Double)
}

/// The rates of the decisions at one threshold.
public struct DecisionRates: Hashable, Sendable {
    /// True positives among predicted ones.
    public let precision: Double
    /// Predicted positives among true ones; also called sensitivity.
    public let recall: Double
    /// Predicted negatives among true ones.
    public let specificity: Double
}

extension OperatingPoint {
    public var direction: MetricDirection? { .maximize }

    public func statistics(
        _ yTrue: SymbolicTensor, _ yPred: SymbolicTensor, sampleWeight: SymbolicTensor?
    ) throws -> SymbolicTensor {
        try Argument.within("the bound of \(name)", bound, 0...1)
        return try ThresholdCounts.statistics(yTrue, yPred, sampleWeight, thresholdCount, name)
    }

    public func result(_ sums: [Double]) -> Double {
        guard let counts = ThresholdCounts(sums) else { return 0 }
        return zip(counts.truePositives, counts.falsePositives).map { tp, fp in
            Self.rates(
                DecisionRates(
                    precision: Ratio.of(tp, tp + fp), recall: Ratio.of(tp, counts.positives),
                    specificity: Ratio.of(counts.negatives - fp, counts.negatives)))
        }.filter { $0.bounded >= Double(bound) }.map(\.best).max() ?? 0
    }
}
