import PeriluneGraph
import PeriluneItems

/// `x · tanh(softplus(x))` (Misra 2019).
struct MishActivation: DeclaredActivation {
    static let declaration = ActivationDeclaration("mish", MishActivation(), help: "x * tanh(softplus(x)).")

    var result: ActivationResult { .numbers }

    func apply(_ x: SymbolicTensor) throws -> SymbolicTensor {
        try x * x.softplus().tanh()
    }
}

extension Activation {
    /// `x · tanh(softplus(x))`.
    public static var mish: Activation { Activation(MishActivation()) }
}
