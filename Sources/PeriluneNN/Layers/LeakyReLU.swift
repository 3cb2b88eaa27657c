public import PeriluneGraph

/// `x` where positive, `negativeSlope · x` elsewhere (keras.layers.LeakyReLU).
///
/// Input and output [n, …].
public final class LeakyReLU: SingleInputLayer {
    public static let kind = "leaky_relu"

    public let core: LayerCore
    public let activation: Activation

    public init(negativeSlope: Float = 0.3, name: String? = nil) {
        core = LayerCore(name: name)
        activation = .leakyRelu(negativeSlope: negativeSlope)
    }

    public func validate() throws { try activation.validate() }

    public func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor {
        try context.activate(x, activation)
    }
}
