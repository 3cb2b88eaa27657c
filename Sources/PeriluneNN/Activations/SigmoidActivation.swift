import PeriluneGraph
import PeriluneItems

/// The logistic function, `1 / (1 + exp(-x))`.
struct SigmoidActivation: DeclaredActivation {
    static let declaration = ActivationDeclaration("sigmoid", SigmoidActivation(), help: "1 / (1 + exp(-x)).")

    var result: ActivationResult { .sigmoid }

    func apply(_ x: SymbolicTensor) throws -> SymbolicTensor {
        try x.sigmoid()
    }
}

extension Activation {
    /// The logistic function, `1 / (1 + exp(-x))`.
    public static var sigmoid: Activation { Activation(SigmoidActivation()) }
}
