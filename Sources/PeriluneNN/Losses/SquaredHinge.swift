public import PeriluneGraph
public import PeriluneItems

/// The mean of `max(1 - y_true · y_pred, 0)²` (keras.losses.SquaredHinge). The truth is -1 or 1; a batch of zeros and
/// ones is converted, as Keras does.
public struct SquaredHinge: Loss, Hashable, Sendable {
    public static let declaration = LossDeclaration(
        "squared_hinge", SquaredHinge(), help: "For labels of -1 and 1.")

    public var name: String { Self.declaration.name }

    public init() {}

    public var truthRange: ClosedRange<Float>? { -1...1 }

    public func perSample(_ yTrue: SymbolicTensor, _ yPred: Prediction) throws -> SymbolicTensor {
        let (y, p) = try LabelShapes.matched(yTrue, yPred.tensor, name)
        return try LabelShapes.perSample((1 - HingeLabels.signed(y) * p).relu().squared())
    }
}
