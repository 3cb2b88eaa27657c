/// The best of one rate where another is at least a given value, over all thresholds: what `PrecisionAtRecall` and its
/// like share. NaN where a rate is one of no examples; with `thresholdCount` 0, as in Keras.
public protocol OperatingPoint: ThresholdMetric {
    /// What the other rate must reach, 0 to 1.
    var bound: Float { get }

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

    public func validate() throws { try Argument.within("the bound of \(name)", bound, 0...1) }

    public func result(_ counts: ThresholdCounts) -> Double {
        func share(_ part: Double, of all: Double) -> Double {
            all == 0 && thresholdCount == nil ? .nan : Ratio.of(part, all)
        }
        var best = 0.0
        for (tp, fp) in zip(counts.truePositives, counts.falsePositives) {
            let rates = Self.rates(
                DecisionRates(
                    precision: Ratio.of(tp, tp + fp), recall: share(tp, of: counts.positives),
                    specificity: share(counts.negatives - fp, of: counts.negatives)))
            guard !rates.bounded.isNaN, !rates.best.isNaN else { return .nan }
            if rates.bounded >= Double(bound) { best = max(best, rates.best) }
        }
        return best
    }
}
