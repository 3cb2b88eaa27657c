import PeriluneGraph
import PeriluneItems

/// `exp(x)`.
struct ExponentialActivation: DeclaredActivation {
    static let declaration = ActivationDeclaration("exponential", ExponentialActivation(), help: "exp(x).")

    var result: ActivationResult { .numbers }

    func apply(_ x: SymbolicTensor) throws -> SymbolicTensor {
        try x.exp()
    }
}

extension Activation {
    /// `exp(x)`.
    public static var exponential: Activation { Activation(ExponentialActivation()) }
}
