public import PeriluneGraph
public import PeriluneItems

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The area under the ROC or the precision-recall curve (keras.metrics.AUC), approximated at evenly spaced thresholds.
///
/// Truth and prediction of one shape; predictions are probabilities, and where the loss takes logits Perilune hands
/// over the probabilities that belong to them.
public struct AUC: Metric, Hashable, Sendable {
    public static let declaration = MetricDeclaration(
        "auc", AUC(),
        options: [
            .optional("curve", \.curve, .choice(), "the curve"),
            .thresholds(\.thresholdCount),
            .name(\.name),
        ],
        help: "The area under the ROC or precision-recall curve."
    ) { try AUC(curve: $0[\.curve], thresholdCount: $0[\.thresholdCount], name: $0[\.name]) }

    public enum Curve: String, Hashable, Sendable, CaseIterable {
        /// True positive rate over false positive rate.
        case roc = "ROC"
        /// Precision over recall.
        case precisionRecall = "PR"
    }

    public let name: String
    public let direction: MetricDirection? = .maximize
    public let curve: Curve
    public let thresholdCount: Int

    /// - Parameter thresholdCount: 3 or more.
    public init(curve: Curve = .roc, thresholdCount: Int = 200, name: String = "auc") {
        self.curve = curve
        self.thresholdCount = thresholdCount
        self.name = name
    }

    public func statistics(
        _ yTrue: SymbolicTensor, _ yPred: SymbolicTensor, sampleWeight: SymbolicTensor?
    ) throws -> SymbolicTensor {
        try ThresholdCounts.statistics(yTrue, yPred, sampleWeight, thresholdCount, name)
    }

    public func result(_ sums: [Double]) -> Double {
        guard let counts = ThresholdCounts(sums) else { return 0 }
        return curve == .roc ? AUC.rocArea(counts) : AUC.precisionRecallArea(counts)
    }

    /// The trapezoidal rule. Thresholds rise, so rates fall.
    private static func rocArea(_ counts: ThresholdCounts) -> Double {
        let x = counts.falsePositives.map { Ratio.of($0, counts.negatives) }
        let y = counts.truePositives.map { Ratio.of($0, counts.positives) }
        return (1..<x.count).reduce(0.0) { area, i in
            let height = (y[i - 1] + y[i]) / 2
            return area + (x[i - 1] - x[i]) * height
        }
    }

    /// Interpolates true positives, not precision, between thresholds (Davis and Goadrich 2006).
    private static func precisionRecallArea(_ counts: ThresholdCounts) -> Double {
        let tp = counts.truePositives
        let p = zip(tp, counts.falsePositives).map { $0 + $1 }
        return (1..<tp.count).reduce(0.0) { area, i in
            let gained = tp[i - 1] - tp[i]
            let slope = Ratio.of(gained, max(p[i - 1] - p[i], 0))
            let intercept = tp[i] - slope * p[i]
            let ratio = p[i - 1] > 0 && p[i] > 0 ? p[i - 1] / p[i] : 1
            return area + Ratio.of(slope * (gained + intercept * log(ratio)), counts.positives)
        }
    }
}
