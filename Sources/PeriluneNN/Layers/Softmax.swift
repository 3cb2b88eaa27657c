public import PeriluneGraph

/// Exponentials along an axis, scaled to a sum of 1 (keras.layers.Softmax).
///
/// Input and output [n, …].
public final class Softmax: SingleInputLayer {
    public static let kind = "softmax"

    public let core: LayerCore
    public let activation: Activation

    public init(axis: Int = -1, name: String? = nil) {
        core = LayerCore(name: name)
        activation = .softmax(axis: axis)
    }

    public func validate() throws { try activation.validate() }

    public func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor {
        try context.activate(x, activation)
    }
}
