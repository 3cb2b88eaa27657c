public import PeriluneGraph
public import PeriluneItems

/// `max(1 - pos + neg, 0)`, where pos is the prediction of the true class and neg the largest of the others
/// (keras.losses.CategoricalHinge). The truth is one-hot.
public struct CategoricalHinge: Loss, Hashable, Sendable {
    public static let declaration = LossDeclaration(
        "categorical_hinge", CategoricalHinge(), help: "For one-hot rows.")

    public var name: String { Self.declaration.name }

    public init() {}

    public func perSample(_ yTrue: SymbolicTensor, _ yPred: Prediction) throws -> SymbolicTensor {
        let (y, p) = try LabelShapes.matched(yTrue, yPred.tensor, name)
        let positive = try (y * p).sum([-1])
        let negative = try ((1 - y) * p).maximum(over: [-1])
        return try LabelShapes.perSample((negative - positive + 1).relu())
    }
}
