public import PeriluneGraph

/// The mean cosine between truth and prediction along the last axis, -1 to 1 (keras.metrics.CosineSimilarity). The loss
/// of this name has the other sign.
public struct CosineSimilarityMetric: MeanMetric, Hashable, Sendable {
    public let name: String
    public let direction: MetricDirection? = .maximize

    public init(name: String = "cosine_similarity") { self.name = name }

    public func perSample(_ yTrue: SymbolicTensor, _ yPred: SymbolicTensor) throws -> SymbolicTensor {
        try -CosineSimilarity().perSample(yTrue, Prediction(yPred))
    }
}
