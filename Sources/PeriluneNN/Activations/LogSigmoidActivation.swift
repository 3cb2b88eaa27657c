import PeriluneGraph
import PeriluneItems

/// The logarithm of the sigmoid, `-log(1 + exp(-x))`, without overflow.
struct LogSigmoidActivation: DeclaredActivation {
    static let declaration = ActivationDeclaration(
        "log_sigmoid", LogSigmoidActivation(), help: "The logarithm of the sigmoid.")

    var result: ActivationResult { .numbers }

    func apply(_ x: SymbolicTensor) throws -> SymbolicTensor {
        try -((-x).softplus())
    }
}

extension Activation {
    /// The logarithm of the sigmoid.
    public static var logSigmoid: Activation { Activation(LogSigmoidActivation()) }
}
