import PeriluneGraph
import PeriluneItems

/// Exponentials along an axis, scaled to a sum of 1 (Bridle 1990).
struct SoftmaxActivation: DeclaredActivation {
    static let declaration = ActivationDeclaration(
        "softmax", SoftmaxActivation(), options: [.activationAxis(\.axis, "the axis")],
        help: "Exponentials along an axis, scaled to a sum of 1.")

    var axis = -1

    var result: ActivationResult { .softmax(axis: axis) }

    func apply(_ x: SymbolicTensor) throws -> SymbolicTensor {
        try x.alongLastAxis(axis, Self.name) { try $0.softmax() }
    }
}

extension Activation {
    /// Exponentials along an axis, scaled to a sum of 1. The axis counts from 0 with the batch, or from the end.
    public static func softmax(axis: Int = -1) -> Activation { Activation(SoftmaxActivation(axis: axis)) }

    /// Exponentials along the last axis, scaled to a sum of 1.
    public static var softmax: Activation { .softmax() }
}
