import PeriluneGraph
import PeriluneItems

/// `x` times its `hard_sigmoid` (Howard et al. 2019).
struct HardSiLUActivation: DeclaredActivation {
    static let declaration = ActivationDeclaration(
        "hard_silu", aliases: ["hard_swish"], HardSiLUActivation(), help: "x times its hard_sigmoid.")

    var result: ActivationResult { .numbers }

    func apply(_ x: SymbolicTensor) throws -> SymbolicTensor {
        try x * HardSigmoidActivation().apply(x)
    }
}

extension Activation {
    /// `x` times its `hardSigmoid`.
    public static var hardSilu: Activation { Activation(HardSiLUActivation()) }
}
