public import PeriluneGraph
public import PeriluneItems

/// The input as it is (keras.layers.Identity).
public final class IdentityLayer: SingleInputLayer {
    public static let kind = "identity"

    public static let declaration = LayerDeclaration(
        layer: kind, IdentityLayer(),
        help: "Gives its input on as it is."
    ) { _ in IdentityLayer() }

    public let core: LayerCore

    public init(name: String? = nil) { core = LayerCore(name: name) }

    public var inputDType: DType? { nil }

    public func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor { x }
}
