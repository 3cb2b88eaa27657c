import PeriluneGraph
import PeriluneItems

/// The hyperbolic tangent.
struct TanhActivation: DeclaredActivation {
    static let declaration = ActivationDeclaration("tanh", TanhActivation(), help: "The hyperbolic tangent.")

    var result: ActivationResult { .numbers }

    func apply(_ x: SymbolicTensor) throws -> SymbolicTensor {
        try x.tanh()
    }
}

extension Activation {
    /// The hyperbolic tangent.
    public static var tanh: Activation { Activation(TanhActivation()) }
}
