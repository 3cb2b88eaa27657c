public import PeriluneItems

/// The number of predictions that are wrongly negative (keras.metrics.FalseNegatives).
public struct FalseNegatives: DecisionMetric, Hashable, Sendable {
    public static let declaration = MetricDeclaration(
        "false_negatives", FalseNegatives(),
        options: [
            .optional("threshold", \.rule.threshold, .number(.within(0...1)), "outputs above it are positive"),
            .name(\.name),
        ],
        help: "How many there are."
    ) { try FalseNegatives(threshold: $0[\.rule.threshold], name: $0[\.name]) }

    public let name: String
    /// Keras gives counts no direction.
    public let direction: MetricDirection? = .minimize
    public let rule: DecisionRule

    /// - Parameter threshold: predictions above it are positive; 0.5 where nil.
    public init(threshold: Float? = nil, name: String = "false_negatives") {
        self.name = name
        rule = DecisionRule(threshold: threshold)
    }

    public func result(_ counts: ConfusionCounts) -> Double { counts.falseNegatives }
}
