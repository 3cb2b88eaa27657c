import PeriluneGraph
import PeriluneItems

/// `max(x, 0)` (Nair and Hinton 2010), with Keras's options: `x` from `threshold` on, at most `maxValue`;
/// `negativeSlope · (x - threshold)` below the threshold.
struct ReLUActivation: DeclaredActivation {
    static let declaration = ActivationDeclaration(
        "relu", ReLUActivation(), options: options,
        help: "max(x, 0).")

    static var options: [ItemOption<ReLUActivation>] {
        [
            .optional("max_value", \.maxValue, .number(.atLeast(0)), "where it stops to rise"),
            .optional("negative_slope", \.negativeSlope, .number(.atLeast(0)), "the slope below the threshold"),
            .optional("threshold", \.threshold, .number(.atLeast(0)), "where it begins"),
        ]
    }

    var maxValue: Float?
    var negativeSlope: Float = 0
    var threshold: Float = 0

    var result: ActivationResult { .numbers }

    func apply(_ x: SymbolicTensor) throws -> SymbolicTensor {
        var y = try threshold == 0 ? x.relu() : x.combined(.less, threshold).select(x.builder.fill(0), x)
        if let maxValue { y = try y.minimum(maxValue) }
        return try negativeSlope == 0 ? y : y - (threshold - x).relu() * negativeSlope
    }
}

extension Activation {
    /// `x` from `threshold` on, at most `maxValue`; `negativeSlope · (x - threshold)` below. All are finite, 0 or
    /// more.
    public static func relu(negativeSlope: Float = 0, maxValue: Float? = nil, threshold: Float = 0) -> Activation {
        Activation(ReLUActivation(maxValue: maxValue, negativeSlope: negativeSlope, threshold: threshold))
    }

    /// `max(x, 0)`.
    public static var relu: Activation { .relu() }
}
