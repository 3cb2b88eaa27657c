import PeriluneGraph
import PeriluneItems

/// An `elu` whose scales keep the mean at 0 and the variance at 1 from layer to layer (Klambauer et al. 2017).
struct SELUActivation: DeclaredActivation {
    static let declaration = ActivationDeclaration(
        "selu", SELUActivation(), help: "An elu, scaled so that layers keep mean 0 and variance 1.")

    var result: ActivationResult { .numbers }

    func apply(_ x: SymbolicTensor) throws -> SymbolicTensor {
        try (x.relu() + x.minimum(0).applying(.expMinusOne) * 1.673_263_242_354_377_2) * 1.050_700_987_355_480_5
    }
}

extension Activation {
    /// An `elu` whose scales keep the mean at 0 and the variance at 1 from layer to layer.
    public static var selu: Activation { Activation(SELUActivation()) }
}
