public import PeriluneGraph
public import PeriluneItems

/// An activation as a layer of its own (keras.layers.Activation).
///
/// Input and output [n, …].
public final class ActivationLayer: SingleInputLayer {
    public static let kind = "activation"

    public static let declaration = LayerDeclaration(
        layer: kind, ActivationLayer(.linear),
        positional: [.required("activation", \.activation, .activation, "a name such as \"relu\"")],
        help: "An activation as a layer of its own."
    ) { try ActivationLayer($0[\.activation]) }

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
