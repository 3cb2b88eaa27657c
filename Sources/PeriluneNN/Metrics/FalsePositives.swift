public import PeriluneItems

/// The number of predictions that are wrongly positive (keras.metrics.FalsePositives).
public struct FalsePositives: DecisionMetric, Hashable, Sendable {
    public static let declaration = MetricDeclaration(
        "false_positives", FalsePositives(),
        options: [
            .optional("threshold", \.rule.threshold, .number(.within(0...1)), "outputs above it are positive"),
            .name(\.name),
        ],
        help: "How many there are."
    ) { try FalsePositives(threshold: $0[\.rule.threshold], name: $0[\.name]) }

    public let name: String
    /// Keras gives counts no direction.
    public let direction: MetricDirection? = .minimize
    public let rule: DecisionRule

    /// - Parameter threshold: predictions above it are positive; 0.5 where nil.
    public init(threshold: Float? = nil, name: String = "false_positives") {
        self.name = name
        rule = DecisionRule(threshold: threshold)
    }

    public func result(_ counts: ConfusionCounts) -> Double { counts.falsePositives }
}
