import PeriluneGraph
import PeriluneItems

/// `x`, kept to -1...1 (Collobert 2004).
struct HardTanhActivation: DeclaredActivation {
    static let declaration = ActivationDeclaration("hard_tanh", HardTanhActivation(), help: "x, kept to -1 to 1.")

    var result: ActivationResult { .numbers }

    func apply(_ x: SymbolicTensor) throws -> SymbolicTensor {
        try x.clipped(-1, 1)
    }
}

extension Activation {
    /// `x`, kept to -1...1.
    public static var hardTanh: Activation { Activation(HardTanhActivation()) }
}
