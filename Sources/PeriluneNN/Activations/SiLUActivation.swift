import PeriluneGraph
import PeriluneItems

/// `x` times its sigmoid (Elfwing et al. 2017; swish, Ramachandran et al. 2017).
struct SiLUActivation: DeclaredActivation {
    static let declaration = ActivationDeclaration(
        "silu", aliases: ["swish"], SiLUActivation(), help: "x times its sigmoid.")

    var result: ActivationResult { .numbers }

    func apply(_ x: SymbolicTensor) throws -> SymbolicTensor {
        try x * x.sigmoid()
    }
}

extension Activation {
    /// `x` times its sigmoid, also called swish.
    public static var silu: Activation { Activation(SiLUActivation()) }
}
