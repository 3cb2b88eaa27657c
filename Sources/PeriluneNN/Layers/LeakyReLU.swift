public import PeriluneGraph
public import PeriluneItems

/// `x` where positive, `negativeSlope · x` elsewhere (keras.layers.LeakyReLU).
///
/// Input and output [n, …].
public final class LeakyReLU: SingleInputLayer {
    public static let kind = "leaky_relu"

    public static let declaration = LayerDeclaration(
        layer: kind, LeakyReLU(),
        options: [
            .optional("negative_slope", \.negativeSlope, .number(.atLeast(0)), "the slope below 0")
        ],
        help: "x above 0, a little of it below."
    ) { try LeakyReLU(negativeSlope: $0[\.negativeSlope]) }

    public let core: LayerCore
    public let negativeSlope: Float

    private var activation: Activation { .leakyRelu(negativeSlope: negativeSlope) }

    public init(negativeSlope: Float = 0.3, name: String? = nil) {
        core = LayerCore(name: name)
        self.negativeSlope = negativeSlope
    }

    public func validate() throws { try activation.validate() }

    public func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor {
        try context.activate(x, activation)
    }
}
