public import PeriluneGraph
public import PeriluneItems

/// The mean of `|y_true - y_pred|` (keras.losses.MeanAbsoluteError).
public struct MeanAbsoluteError: Loss, Hashable, Sendable {
    public static let declaration = LossDeclaration(
        "mean_absolute_error", aliases: ["mae"], MeanAbsoluteError(), help: "The mean of absolute errors (also 'mae').")

    public var name: String { Self.declaration.name }

    public init() {}

    public func perSample(_ yTrue: SymbolicTensor, _ yPred: Prediction) throws -> SymbolicTensor {
        let (y, p) = try LabelShapes.matched(yTrue, yPred.tensor, name)
        return try LabelShapes.perSample((y - p).absolute())
    }
}
