public import PeriluneGraph

/// `x` where positive, `alpha · (exp(x) - 1)` elsewhere (Clevert et al. 2015, keras.layers.ELU).
///
/// Input and output [n, …].
public final class ELU: SingleInputLayer {
    public static let kind = "elu"

    public let core: LayerCore
    public let activation: Activation

    public init(alpha: Float = 1, name: String? = nil) {
        core = LayerCore(name: name)
        activation = .elu(alpha: alpha)
    }

    public func validate() throws { try activation.validate() }

    public func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor {
        try context.activate(x, activation)
    }
}
