import PeriluneGraph
import PeriluneItems

/// `x` moved towards 0 by `threshold`, and 0 where it gets there: soft thresholding (Donoho and Johnstone 1994).
struct SoftShrinkActivation: DeclaredActivation {
    static let declaration = ActivationDeclaration(
        "soft_shrink", SoftShrinkActivation(),
        options: [
            .optional("threshold", \.threshold, .number(.atLeast(0)), "how far x moves")
        ],
        help: "x moved towards 0 by a threshold, down to 0.")

    var threshold: Float = 0.5

    var result: ActivationResult { .numbers }

    func apply(_ x: SymbolicTensor) throws -> SymbolicTensor {
        try (x - threshold).relu() - (-x - threshold).relu()
    }
}

extension Activation {
    /// `x` moved towards 0 by `threshold`, and 0 where it gets there. `threshold` is finite, 0 or more.
    public static func softShrink(threshold: Float = 0.5) -> Activation {
        Activation(SoftShrinkActivation(threshold: threshold))
    }
}
