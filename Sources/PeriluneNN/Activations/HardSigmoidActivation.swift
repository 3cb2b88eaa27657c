import PeriluneGraph
import PeriluneItems

/// `x / 6 + 1 / 2`, kept to 0...1 (Howard et al. 2019).
struct HardSigmoidActivation: DeclaredActivation {
    static let declaration = ActivationDeclaration(
        "hard_sigmoid", HardSigmoidActivation(), help: "x / 6 + 1 / 2, kept to 0 to 1.")

    var result: ActivationResult { .probabilities }

    func apply(_ x: SymbolicTensor) throws -> SymbolicTensor {
        try (x + 3).relu().minimum(6) * (1 / 6)
    }
}

extension Activation {
    /// `x / 6 + 1 / 2`, kept to 0...1.
    public static var hardSigmoid: Activation { Activation(HardSigmoidActivation()) }
}
