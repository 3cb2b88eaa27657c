public import PeriluneItems

/// The best precision where the recall is at least a given value (keras.metrics.PrecisionAtRecall).
public struct PrecisionAtRecall: OperatingPoint, Hashable, Sendable {
    public static let declaration = MetricDeclaration(
        "precision_at_recall", PrecisionAtRecall(0.5),
        positional: [.required("value", \.bound, .number(.within(0...1)), "what the other rate must reach")],
        options: [.thresholds(\.thresholdCount), .name(\.name)],
        help: "The best of one rate where another is good enough."
    ) { try PrecisionAtRecall($0[\.bound], thresholdCount: $0[\.thresholdCount], name: $0[\.name]) }

    public let name: String
    public let bound: Float
    public let thresholdCount: Int?

    /// - Parameter bound: what the recall must reach, 0 to 1.
    public init(_ bound: Float, thresholdCount: Int? = nil, name: String = "precision_at_recall") {
        self.bound = bound
        self.thresholdCount = thresholdCount
        self.name = name
    }

    public static func rates(_ rates: DecisionRates) -> (bounded: Double, best: Double) {
        (rates.recall, rates.precision)
    }
}
