public import PeriluneItems

/// The share of predicted positives that are true: `tp / (tp + fp)` (keras.metrics.Precision).
///
/// Truth and prediction of one shape: one output, or one-hot classes.
public struct Precision: ChosenDecisionMetric, Hashable, Sendable {
    public static let declaration = MetricDeclaration.decision(
        "precision", Precision(), help: "The share of true ones among those called true.")

    public let name: String
    public let direction: MetricDirection? = .maximize
    public let rule: DecisionRule

    /// - Parameters:
    ///   - threshold: predictions above it are positive; 0.5, or with `topK` any, where nil.
    ///   - topK: only the largest so many predictions of a sample may be positive.
    ///   - classID: the class that counts, from 0; all of them where nil.
    public init(threshold: Float? = nil, topK: Int? = nil, classID: Int? = nil, name: String = "precision") {
        self.name = name
        rule = DecisionRule(threshold: threshold, topK: topK, classID: classID)
    }

    public func result(_ counts: ConfusionCounts) -> Double {
        Ratio.of(counts.truePositives, counts.truePositives + counts.falsePositives)
    }
}
