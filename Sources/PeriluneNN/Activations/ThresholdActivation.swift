import PeriluneGraph
import PeriluneItems

/// `x` above `threshold`, `value` elsewhere (keras.activations.threshold).
struct ThresholdActivation: DeclaredActivation {
    static let declaration = ActivationDeclaration(
        "threshold", ThresholdActivation(threshold: 0, value: 0),
        options: [
            .required("threshold", \.threshold, .number(.all), "above it x stays what it is"),
            .required("default_value", \.value, .number(.all), "what stands in place of other elements"),
        ],
        help: "x above a threshold, another value elsewhere.")

    var threshold: Float
    var value: Float

    var result: ActivationResult { .numbers }

    func apply(_ x: SymbolicTensor) throws -> SymbolicTensor {
        try x.combined(.lessOrEqual, threshold).select(x.builder.fill(value), x)
    }
}

extension Activation {
    /// `x` above `threshold`, `value` elsewhere.
    public static func threshold(threshold: Float, value: Float) -> Activation {
        Activation(ThresholdActivation(threshold: threshold, value: value))
    }
}
