import PeriluneGraph
import PeriluneItems

/// `x` where positive, `negativeSlope · x` elsewhere (Maas et al. 2013).
struct LeakyReLUActivation: DeclaredActivation {
    static let declaration = ActivationDeclaration(
        "leaky_relu", LeakyReLUActivation(), options: options,
        help: "x above 0, a little of it below.")

    static var options: [ItemOption<LeakyReLUActivation>] {
        [
            .optional("negative_slope", \.negativeSlope, .number(.atLeast(0)), "the slope below 0")
        ]
    }

    var negativeSlope: Float = 0.2

    var result: ActivationResult { .numbers }

    func apply(_ x: SymbolicTensor) throws -> SymbolicTensor {
        try x.relu() - (-x).relu() * negativeSlope
    }
}

extension Activation {
    /// `x` above 0, `negativeSlope · x` below. `negativeSlope` is finite, 0 or more.
    public static func leakyRelu(negativeSlope: Float = 0.2) -> Activation {
        Activation(LeakyReLUActivation(negativeSlope: negativeSlope))
    }

    /// With default parameters.
    public static var leakyRelu: Activation { .leakyRelu() }
}
