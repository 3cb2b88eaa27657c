public import PeriluneGraph
public import PeriluneItems

/// The mean of `y_pred - y_true · log(y_pred + 1e-7)` (keras.losses.Poisson).
public struct Poisson: Loss, Hashable, Sendable {
    public static let declaration = LossDeclaration(
        "poisson", Poisson(), help: "For counts.")

    public var name: String { Self.declaration.name }

    public init() {}

    public var truthRange: ClosedRange<Float>? { 0 ... .greatestFiniteMagnitude }

    public func perSample(_ yTrue: SymbolicTensor, _ yPred: Prediction) throws -> SymbolicTensor {
        let (y, p) = try LabelShapes.matched(yTrue, yPred.tensor, name)
        return try LabelShapes.perSample(p - y * (p + LabelShapes.epsilon).log())
    }
}
