public import PeriluneItems

/// The share of true positives that are predicted: `tp / (tp + fn)` (keras.metrics.Recall).
///
/// Truth and prediction of one shape: one output, or one-hot classes.
public struct Recall: ChosenDecisionMetric, Hashable, Sendable {
    public static let declaration = MetricDeclaration.decision(
        "recall", Recall(), help: "The share of those called true among the true ones.")

    public let name: String
    public let direction: MetricDirection? = .maximize
    public let rule: DecisionRule

    /// - Parameters:
    ///   - threshold: predictions above it are positive; 0.5, or with `topK` any, where nil.
    ///   - topK: only the largest so many predictions of a sample may be positive.
    ///   - classID: the class that counts, from 0; all of them where nil.
    public init(threshold: Float? = nil, topK: Int? = nil, classID: Int? = nil, name: String = "recall") {
        self.name = name
        rule = DecisionRule(threshold: threshold, topK: topK, classID: classID)
    }

    public func result(_ counts: ConfusionCounts) -> Double {
        Ratio.of(counts.truePositives, counts.truePositives + counts.falseNegatives)
    }
}
