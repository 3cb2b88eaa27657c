public import PeriluneGraph
public import PeriluneItems

/// Exponentials along an axis, scaled to a sum of 1 (keras.layers.Softmax).
///
/// Input and output [n, …].
public final class Softmax: SingleInputLayer {
    public static let kind = "softmax"

    public static let declaration = LayerDeclaration(
        layer: kind, Softmax(),
        options: [.axis(\.axis, "the axis")],
        help: "Exponentials along an axis, scaled to a sum of 1."
    ) { try Softmax(axis: $0[\.axis]) }

    public let core: LayerCore
    public let axis: Int

    private var activation: Activation { .softmax(axis: axis) }

    public init(axis: Int = -1, name: String? = nil) {
        core = LayerCore(name: name)
        self.axis = axis
    }

    public func validate() throws { try activation.validate() }

    public func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor {
        try context.activate(x, activation)
    }
}
