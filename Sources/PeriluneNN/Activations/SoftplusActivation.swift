import PeriluneGraph
import PeriluneItems

/// `log(1 + exp(x))`, without overflow (Dugas et al. 2001).
struct SoftplusActivation: DeclaredActivation {
    static let declaration = ActivationDeclaration("softplus", SoftplusActivation(), help: "log(1 + exp(x)).")

    var result: ActivationResult { .numbers }

    func apply(_ x: SymbolicTensor) throws -> SymbolicTensor {
        try x.softplus()
    }
}

extension Activation {
    /// `log(1 + exp(x))`.
    public static var softplus: Activation { Activation(SoftplusActivation()) }
}
