import PeriluneGraph
import PeriluneItems

/// `x - tanh(x)`.
struct TanhShrinkActivation: DeclaredActivation {
    static let declaration = ActivationDeclaration("tanh_shrink", TanhShrinkActivation(), help: "x - tanh(x).")

    var result: ActivationResult { .numbers }

    func apply(_ x: SymbolicTensor) throws -> SymbolicTensor {
        try x - x.tanh()
    }
}

extension Activation {
    /// `x - tanh(x)`.
    public static var tanhShrink: Activation { Activation(TanhShrinkActivation()) }
}
