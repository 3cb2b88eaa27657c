public import PeriluneGraph
public import PeriluneItems

/// The mean of `max(1 - y_true · y_pred, 0)` (keras.losses.Hinge). The truth is -1 or 1; a batch of zeros and ones is
/// converted, as Keras does.
public struct Hinge: Loss, Hashable, Sendable {
    public static let declaration = LossDeclaration(
        "hinge", Hinge(), help: "For labels of -1 and 1.")

    public var name: String { Self.declaration.name }

    public init() {}

    public var truthRange: ClosedRange<Float>? { -1...1 }

    public func perSample(_ yTrue: SymbolicTensor, _ yPred: Prediction) throws -> SymbolicTensor {
        let (y, p) = try LabelShapes.matched(yTrue, yPred.tensor, name)
        return try LabelShapes.perSample((1 - HingeLabels.signed(y) * p).relu())
    }
}

enum HingeLabels {
    /// Labels -1 and 1 for 0 and 1, where all of a batch are one of those; otherwise the labels as they are.
    static func signed(_ y: SymbolicTensor) throws -> SymbolicTensor {
        let isBinary = try y.combined(.equal, 0).combined(.maximum, y.combined(.equal, 1)).reduced(.minimum)
        return try isBinary.select(y * 2 - 1, y)
    }
}
