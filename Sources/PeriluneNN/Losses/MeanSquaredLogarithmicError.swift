public import PeriluneGraph

/// The mean of `(log(y_true + 1) - log(y_pred + 1))²`, with both at least 1e-7
/// (keras.losses.MeanSquaredLogarithmicError).
public struct MeanSquaredLogarithmicError: Loss, Hashable, Sendable {
    public let name = "mean_squared_logarithmic_error"

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
