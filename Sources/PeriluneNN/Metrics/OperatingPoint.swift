public import PeriluneGraph

/// The best of one rate where another is at least a given value (keras.metrics.PrecisionAtRecall and its like), over evenly
/// spaced thresholds.
public struct OperatingPoint: Metric, Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case precisionAtRecall = "precision_at_recall"
        case recallAtPrecision = "recall_at_precision"
        case sensitivityAtSpecificity = "sensitivity_at_specificity"
        case specificityAtSensitivity = "specificity_at_sensitivity"
    }

    public let name: String
    public let direction: MetricDirection? = .maximize
    public let kind: Kind
    /// What the other rate must reach, 0 to 1.
    public let bound: Float
    public let thresholdCount: Int

    public init(_ kind: Kind, _ bound: Float, thresholdCount: Int = 200, name: String? = nil) {
        self.kind = kind
        self.bound = bound
        self.thresholdCount = thresholdCount
        self.name = name ?? kind.rawValue
    }

    public func statistics(
        _ yTrue: SymbolicTensor, _ yPred: SymbolicTensor, sampleWeight: SymbolicTensor?
    ) throws -> SymbolicTensor {
        try Argument.within("the bound of \(name)", bound, 0...1)
        return try ThresholdCounts.statistics(yTrue, yPred, sampleWeight, thresholdCount, name)
    }

    public func result(_ sums: [Double]) -> Double {
        guard let counts = ThresholdCounts(sums) else { return 0 }
        let pairs = zip(counts.truePositives, counts.falsePositives).map { tp, fp in
            let recall = Ratio.of(tp, counts.positives)
            let precision = Ratio.of(tp, tp + fp)
            let specificity = Ratio.of(counts.negatives - fp, counts.negatives)
            return switch kind {
            case .precisionAtRecall: (bounded: recall, best: precision)
            case .recallAtPrecision: (bounded: precision, best: recall)
            case .sensitivityAtSpecificity: (bounded: specificity, best: recall)
            case .specificityAtSensitivity: (bounded: recall, best: specificity)
            }
        }
        return pairs.filter { $0.bounded >= Double(bound) }.map(\.best).max() ?? 0
    }
}
