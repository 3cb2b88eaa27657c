public import PeriluneItems

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The area under the ROC or the precision-recall curve (keras.metrics.AUC): exact, or with `thresholdCount` Keras's
/// approximation at evenly spaced thresholds.
///
/// The exact area under the ROC curve is the share of pairs of a positive and a negative example in which the positive
/// one has the larger score, pairs of equal scores counted by half; each pair weighs the product of its weights. Where
/// a class does not occur there are no pairs, and the area is NaN, as in scikit-learn; Keras's approximation is 0 then.
/// Without positive examples the one under the precision-recall curve is NaN, too.
///
/// Truth and prediction of one shape; predictions are probabilities, and where the loss takes logits Perilune hands
/// over the probabilities that belong to them.
public struct AUC: ThresholdMetric, Hashable, Sendable {
    public static let declaration = MetricDeclaration(
        "auc", AUC(),
        options: [
            .optional("curve", \.curve, .choice(), "the curve"),
            .thresholds(\.thresholdCount),
            .name(\.name),
        ],
        help:
            "The area under the ROC or precision-recall curve.\nExact, from all scores of a pass, unless "
            + "num_thresholds is given; NaN where a class that it needs does not occur."
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
    public let thresholdCount: Int?

    /// - Parameter thresholdCount: 3 to 100000; nil for the exact area, which keeps every example of a pass.
    public init(curve: Curve = .roc, thresholdCount: Int? = nil, name: String = "auc") {
        self.curve = curve
        self.thresholdCount = thresholdCount
        self.name = name
    }

    public func result(_ counts: ThresholdCounts) -> Double {
        let isDefined = counts.positives > 0 && (curve == .precisionRecall || counts.negatives > 0)
        guard isDefined || thresholdCount != nil else { return .nan }
        return curve == .roc ? AUC.rocArea(counts) : AUC.precisionRecallArea(counts)
    }

    /// The trapezoidal rule. Thresholds rise, so rates fall.
    private static func rocArea(_ counts: ThresholdCounts) -> Double {
        // Of counts, which are exact where there are no weights, and divided at last.
        let (x, y) = (counts.falsePositives, counts.truePositives)
        let area = (1..<x.count).reduce(0.0) { area, i in
            let height = (y[i - 1] + y[i]) / 2
            return area + (x[i - 1] - x[i]) * height
        }
        return Ratio.of(area, counts.positives * counts.negatives)
    }

    /// Interpolates true positives, not precision, between thresholds (Davis and Goadrich 2006).
    private static func precisionRecallArea(_ counts: ThresholdCounts) -> Double {
        let tp = counts.truePositives
        let p = zip(tp, counts.falsePositives).map { $0 + $1 }
        let area = (1..<tp.count).reduce(0.0) { area, i in
            let gained = tp[i - 1] - tp[i]
            let slope = Ratio.of(gained, max(p[i - 1] - p[i], 0))
            let intercept = tp[i] - slope * p[i]
            let ratio = p[i - 1] > 0 && p[i] > 0 ? p[i - 1] / p[i] : 1
            return area + slope * (gained + intercept * log(ratio))
        }
        return Ratio.of(area, counts.positives)
    }
}
