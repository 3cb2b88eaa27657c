import PeriluneGraph
import PeriluneItems

/// `x` where positive, `alpha · (exp(x) - 1)` elsewhere (Clevert et al. 2015).
struct ELUActivation: DeclaredActivation {
    static let declaration = ActivationDeclaration(
        "elu", ELUActivation(), options: options,
        help: "x above 0, alpha * (exp(x) - 1) below.")

    static var options: [ItemOption<ELUActivation>] {
        [
            .optional("alpha", \.alpha, .number(.atLeast(0)), "the scale below 0")
        ]
    }

    var alpha: Float = 1

    var result: ActivationResult { .numbers }

    func apply(_ x: SymbolicTensor) throws -> SymbolicTensor {
        // The exponential is taken of numbers up to 0 only: it never overflows, and neither does its gradient.
        try x.relu() + x.minimum(0).applying(.expMinusOne) * alpha
    }
}

extension Activation {
    /// `x` above 0, `alpha · (exp(x) - 1)` below. `alpha` is finite, 0 or more.
    public static func elu(alpha: Float = 1) -> Activation { Activation(ELUActivation(alpha: alpha)) }

    /// With default parameters.
    public static var elu: Activation { .elu() }
}
