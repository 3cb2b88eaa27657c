import PeriluneGraph
import PeriluneItems

/// `x` itself.
struct LinearActivation: DeclaredActivation {
    static let declaration = ActivationDeclaration("linear", LinearActivation(), help: "x itself.")

    var result: ActivationResult { .numbers }

    func apply(_ x: SymbolicTensor) throws -> SymbolicTensor {
        x
    }
}

extension Activation {
    /// `x` itself.
    public static var linear: Activation { Activation(LinearActivation()) }
}
