public import PeriluneGraph
public import PeriluneItems

/// The negative cosine between truth and prediction along the last axis: -1 where they point the same way
/// (keras.losses.CosineSimilarity).
public struct CosineSimilarity: Loss, Hashable, Sendable {
    public static let declaration = LossDeclaration(
        "cosine_similarity", CosineSimilarity(), help: "-1 where directions agree, 1 where they are opposite.")

    public var name: String { Self.declaration.name }

    public init() {}

    public func perSample(_ yTrue: SymbolicTensor, _ yPred: Prediction) throws -> SymbolicTensor {
        let (y, p) = try LabelShapes.matched(yTrue, yPred.tensor, name)
        return try LabelShapes.perSample(-(y.normalized(axis: -1) * p.normalized(axis: -1)).sum([-1]))
    }
}
