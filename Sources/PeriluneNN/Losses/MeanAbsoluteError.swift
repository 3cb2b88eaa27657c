public import PeriluneGraph

/// The mean of `|y_true - y_pred|` (keras.losses.MeanAbsoluteError).
public struct MeanAbsoluteError: Loss, Hashable, Sendable {
    public let name = "mean_absolute_error"

    public init() {}

    public func perSample(_ yTrue: SymbolicTensor, _ yPred: Prediction) throws -> SymbolicTensor {
        let (y, p) = try LabelShapes.matched(yTrue, yPred.tensor, name)
        return try LabelShapes.perSample((y - p).absolute())
    }
}
