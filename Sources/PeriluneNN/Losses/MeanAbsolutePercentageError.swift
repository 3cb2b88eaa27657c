public import PeriluneGraph
public import PeriluneItems

/// 100 times the mean of `|y_true - y_pred| / max(|y_true|, 1e-7)` (keras.losses.MeanAbsolutePercentageError).
public struct MeanAbsolutePercentageError: Loss, Hashable, Sendable {
    public static let declaration = LossDeclaration(
        "mean_absolute_percentage_error", aliases: ["mape"], MeanAbsolutePercentageError(),
        help: "The mean of errors relative to the truth, in percent (also 'mape').")

    public var name: String { Self.declaration.name }

    public init() {}

    public func perSample(_ yTrue: SymbolicTensor, _ yPred: Prediction) throws -> SymbolicTensor {
        let (y, p) = try LabelShapes.matched(yTrue, yPred.tensor, name)
        return try LabelShapes.perSample((y - p).absolute() / y.absolute().maximum(LabelShapes.epsilon)) * 100
    }
}
