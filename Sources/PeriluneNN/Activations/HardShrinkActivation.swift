import PeriluneGraph
import PeriluneItems

/// `x` where its magnitude is above `threshold`, 0 elsewhere: hard thresholding (Donoho and Johnstone 1994).
struct HardShrinkActivation: DeclaredActivation {
    static let declaration = ActivationDeclaration(
        "hard_shrink", HardShrinkActivation(),
        options: [
            .optional("threshold", \.threshold, .number(.atLeast(0)), "the magnitude up to which x becomes 0")
        ],
        help: "x where its magnitude is above a threshold, 0 elsewhere.")

    var threshold: Float = 0.5

    var result: ActivationResult { .numbers }

    func apply(_ x: SymbolicTensor) throws -> SymbolicTensor {
        try x * x.absolute().combined(.greater, threshold)
    }
}

extension Activation {
    /// `x` where its magnitude is above `threshold`, 0 elsewhere. `threshold` is finite, 0 or more.
    public static func hardShrink(threshold: Float = 0.5) -> Activation {
        Activation(HardShrinkActivation(threshold: threshold))
    }
}
