public import PeriluneGraph

/// `max(x, 0)`, with Keras's options (keras.layers.ReLU).
///
/// Input and output [n, …].
public final class ReLU: SingleInputLayer {
    public static let kind = "relu"

    public let core: LayerCore
    public let activation: Activation

    public init(maxValue: Float? = nil, negativeSlope: Float = 0, threshold: Float = 0, name: String? = nil) {
        core = LayerCore(name: name)
        activation = .relu(negativeSlope: negativeSlope, maxValue: maxValue, threshold: threshold)
    }

    public func validate() throws { try activation.validate() }

    public func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor {
        try context.activate(x, activation)
    }
}
