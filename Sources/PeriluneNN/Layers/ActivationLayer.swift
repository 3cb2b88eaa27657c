public import PeriluneGraph

/// An activation as a layer of its own (keras.layers.Activation).
///
/// Input and output [n, …].
public final class ActivationLayer: SingleInputLayer {
    public static let kind = "activation"

    public let core: LayerCore
    public let activation: Activation

    public init(_ activation: Activation, name: String? = nil) {
        core = LayerCore(name: name)
        self.activation = activation
    }

    public func validate() throws { try activation.validate() }

    public func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor {
        try context.activate(x, activation)
    }
}
