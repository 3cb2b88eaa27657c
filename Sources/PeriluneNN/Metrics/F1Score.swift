public import PeriluneGraph
public import PeriluneItems

/// The harmonic mean of precision and recall of each class (keras.metrics.F1Score): `FBetaScore` with a beta of 1.
public struct F1Score: Metric, Hashable, Sendable {
    public static let declaration = MetricDeclaration(
        "f1_score", aliases: ["f1"], F1Score(),
        options: [
            .optional("average", \.score.average, .choice(), "how the classes' scores become one"),
            .optional("threshold", \.score.threshold, .number(.within(0...1)), "outputs above it are positive"),
            .name(\.name),
        ],
        help: "The harmonic mean of precision and recall."
    ) { try F1Score(average: $0[\.score.average], threshold: $0[\.score.threshold], name: $0[\.name]) }

    public let score: FBetaScore

    /// - Parameter threshold: predictions above it are positive; the largest alone where nil.
    public init(average: FBetaScore.Average = .macro, threshold: Float? = nil, name: String = "f1_score") {
        score = FBetaScore(average: average, threshold: threshold, name: name)
    }

    public var name: String { score.name }
    public var direction: MetricDirection? { score.direction }

    public func statistics(
        _ yTrue: SymbolicTensor, _ yPred: SymbolicTensor, sampleWeight: SymbolicTensor?
    ) throws -> SymbolicTensor {
        try score.statistics(yTrue, yPred, sampleWeight: sampleWeight)
    }

    public func result(_ sums: [Double]) -> Double { score.result(sums) }
}
