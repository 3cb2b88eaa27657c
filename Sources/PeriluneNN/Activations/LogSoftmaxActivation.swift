import PeriluneGraph
import PeriluneItems

/// The logarithm of the softmax along an axis: `x - log(Σ exp(x))`. A loss may take the result for logits, as its
/// softmax is that of `x`.
struct LogSoftmaxActivation: DeclaredActivation {
    static let declaration = ActivationDeclaration(
        "log_softmax", LogSoftmaxActivation(), options: [.activationAxis(\.axis, "the axis")],
        help: "The logarithm of the softmax along an axis.")

    var axis = -1

    var result: ActivationResult { .numbers }

    func apply(_ x: SymbolicTensor) throws -> SymbolicTensor {
        try x.alongLastAxis(axis, Self.name) { try $0.logSoftmax() }
    }
}

extension Activation {
    /// The logarithm of the softmax along an axis, which counts from 0 with the batch, or from the end.
    public static func logSoftmax(axis: Int = -1) -> Activation { Activation(LogSoftmaxActivation(axis: axis)) }
}
