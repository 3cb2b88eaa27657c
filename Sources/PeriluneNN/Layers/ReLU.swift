public import PeriluneGraph
public import PeriluneItems

/// `max(x, 0)`, with Keras's options (keras.layers.ReLU).
///
/// Input and output [n, …].
public final class ReLU: SingleInputLayer {
    public static let kind = "relu"

    public static let declaration = LayerDeclaration(
        layer: kind, ReLU(),
        options: [
            .optional("max_value", \.maxValue, .number(.atLeast(0)), "where it stops to rise"),
            .optional("negative_slope", \.negativeSlope, .number(.atLeast(0)), "the slope below the threshold"),
            .optional("threshold", \.threshold, .number(.atLeast(0)), "where it begins"),
        ],
        help: "max(x, 0)."
    ) {
        try ReLU(
            maxValue: $0[\.maxValue], negativeSlope: $0[\.negativeSlope], threshold: $0[\.threshold])
    }

    public let core: LayerCore
    public let maxValue: Float?
    public let negativeSlope: Float
    public let threshold: Float

    private var activation: Activation {
        .relu(negativeSlope: negativeSlope, maxValue: maxValue, threshold: threshold)
    }

    public init(maxValue: Float? = nil, negativeSlope: Float = 0, threshold: Float = 0, name: String? = nil) {
        core = LayerCore(name: name)
        self.maxValue = maxValue
        self.negativeSlope = negativeSlope
        self.threshold = threshold
    }

    public func validate() throws { try activation.validate() }

    public func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor {
        try context.activate(x, activation)
    }
}
