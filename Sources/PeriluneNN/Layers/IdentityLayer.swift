public import PeriluneGraph

/// The input as it is (keras.layers.Identity).
public final class IdentityLayer: SingleInputLayer {
    public static let kind = "identity"

    public let core: LayerCore

    public init(name: String? = nil) { core = LayerCore(name: name) }

    public var inputDType: DType? { nil }

    public func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor { x }
}
