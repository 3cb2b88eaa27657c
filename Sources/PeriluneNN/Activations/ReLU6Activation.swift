import PeriluneGraph
import PeriluneItems

/// `max(x, 0)`, at most 6 (Krizhevsky 2010).
struct ReLU6Activation: DeclaredActivation {
    static let declaration = ActivationDeclaration("relu6", ReLU6Activation(), help: "max(x, 0), at most 6.")

    var result: ActivationResult { .numbers }

    func apply(_ x: SymbolicTensor) throws -> SymbolicTensor {
        try x.relu().minimum(6)
    }
}

extension Activation {
    /// `max(x, 0)`, at most 6.
    public static var relu6: Activation { Activation(ReLU6Activation()) }
}
