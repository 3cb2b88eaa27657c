public import PeriluneGraph
public import PeriluneItems

/// The mean of `log(cosh(y_pred - y_true))`, without overflow (keras.losses.LogCosh).
public struct LogCosh: Loss, Hashable, Sendable {
    public static let declaration = LossDeclaration(
        "log_cosh", aliases: ["logcosh"], LogCosh(), help: "The mean of log(cosh(error)).")

    public var name: String { Self.declaration.name }

    public init() {}

    public func perSample(_ yTrue: SymbolicTensor, _ yPred: Prediction) throws -> SymbolicTensor {
        let (y, p) = try LabelShapes.matched(yTrue, yPred.tensor, name)
        let error = try p - y
        // log(cosh x) = x + softplus(-2x) - log 2
        return try LabelShapes.perSample(error + (error * -2).softplus() - 0.693_147_180_559_945_3)
    }
}
