public import PeriluneGraph
public import PeriluneItems

/// The mean of `(log(y_true + 1) - log(y_pred + 1))²`, with both at least 1e-7
/// (keras.losses.MeanSquaredLogarithmicError).
public struct MeanSquaredLogarithmicError: Loss, Hashable, Sendable {
    public static let declaration = LossDeclaration(
        "mean_squared_logarithmic_error", aliases: ["msle"], MeanSquaredLogarithmicError(),
        help: "The mean of squared differences of logarithms (also 'msle').")

    public var name: String { Self.declaration.name }

    public init() {}

    public var truthRange: ClosedRange<Float>? { 0 ... .greatestFiniteMagnitude }

    public func perSample(_ yTrue: SymbolicTensor, _ yPred: Prediction) throws -> SymbolicTensor {
        let (y, p) = try LabelShapes.matched(yTrue, yPred.tensor, name)
        let logarithms = try (
            y.maximum(LabelShapes.epsilon).applying(.logOnePlus), p.maximum(LabelShapes.epsilon).applying(.logOnePlus)
        )
        return try LabelShapes.perSample((logarithms.0 - logarithms.1).squared())
    }
}
