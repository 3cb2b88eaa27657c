public import PeriluneItems

/// Exponentials along an axis, scaled to a sum of 1 (keras.layers.Softmax).
///
/// Input and output [n, …].
public final class Softmax: FunctionLayer {
    public static let kind = "softmax"

    public static let declaration = LayerDeclaration(
        layer: kind, Softmax(), options: [.axis(\.axis, "the axis")],
        help: "Exponentials along an axis, scaled to a sum of 1."
    ) { try Softmax(axis: $0[\.axis]) }

    public let core: LayerCore
    let function: SoftmaxActivation

    public var axis: Int { function.axis }

    public init(axis: Int = -1, name: String? = nil) {
        core = LayerCore(name: name)
        function = SoftmaxActivation(axis: axis)
    }
}
