public import PeriluneGraph
public import PeriluneItems

/// The mean of `(y_true - y_pred)²` (keras.losses.MeanSquaredError).
public struct MeanSquaredError: Loss, Hashable, Sendable {
    public static let declaration = LossDeclaration(
        "mean_squared_error", aliases: ["mse"], MeanSquaredError(), help: "The mean of squared errors (also 'mse').")

    public var name: String { Self.declaration.name }

    public init() {}

    public func perSample(_ yTrue: SymbolicTensor, _ yPred: Prediction) throws -> SymbolicTensor {
        let (y, p) = try LabelShapes.matched(yTrue, yPred.tensor, name)
        return try LabelShapes.perSample((y - p).squared())
    }
}
