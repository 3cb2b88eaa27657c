public import PeriluneGraph

/// The negative cosine between truth and prediction along the last axis: -1 where they point the same way
/// (keras.losses.CosineSimilarity).
public struct CosineSimilarity: Loss, Hashable, Sendable {
    public let name = "cosine_similarity"

    public init() {}

    public func perSample(_ yTrue: SymbolicTensor, _ yPred: Prediction) throws -> SymbolicTensor {
        let (y, p) = try LabelShapes.matched(yTrue, yPred.tensor, name)
        return try LabelShapes.perSample(-(y.normalized(axis: -1) * p.normalized(axis: -1)).sum([-1]))
    }
}
