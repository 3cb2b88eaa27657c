import PeriluneGraph
import PeriluneItems

/// `x / (1 + |x|)` (Bergstra et al. 2009).
struct SoftsignActivation: DeclaredActivation {
    static let declaration = ActivationDeclaration("softsign", SoftsignActivation(), help: "x / (1 + abs(x)).")

    var result: ActivationResult { .numbers }

    func apply(_ x: SymbolicTensor) throws -> SymbolicTensor {
        try x / (x.absolute() + 1)
    }
}

extension Activation {
    /// `x / (1 + |x|)`.
    public static var softsign: Activation { Activation(SoftsignActivation()) }
}
