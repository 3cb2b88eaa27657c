public import PeriluneGraph
public import PeriluneItems

/// The mean cosine between truth and prediction along the last axis, -1 to 1 (keras.metrics.CosineSimilarity). The loss
/// of this name has the other sign.
public struct CosineSimilarityMetric: MeanMetric, Hashable, Sendable {
    public static let declaration = MetricDeclaration(
        "cosine_similarity", CosineSimilarityMetric(),
        options: [.name(\.name)],
        help: "1 where directions agree, -1 where they are opposite."
    ) { try CosineSimilarityMetric(name: $0[\.name]) }

    public let name: String
    public let direction: MetricDirection? = .maximize

    public init(name: String = "cosine_similarity") { self.name = name }

    public func perSample(_ yTrue: SymbolicTensor, _ yPred: SymbolicTensor) throws -> SymbolicTensor {
        try -CosineSimilarity().perSample(yTrue, Prediction(yPred))
    }
}
