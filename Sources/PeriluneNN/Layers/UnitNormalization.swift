public import PeriluneGraph
public import PeriluneItems

/// Scales to a Euclidean norm of 1 along an axis (keras.layers.UnitNormalization).
///
/// Input and output [n, …].
public final class UnitNormalization: SingleInputLayer {
    public static let kind = "unit_normalization"

    public static let declaration = LayerDeclaration(
        layer: kind, UnitNormalization(),
        options: [.axis(\.axis, "the axis along which the norm becomes 1")],
        help: "Makes each vector's norm 1."
    ) { try UnitNormalization(axis: $0[\.axis]) }

    public let core: LayerCore
    public let axis: Int

    public init(axis: Int = -1, name: String? = nil) {
        core = LayerCore(name: name)
        self.axis = axis
    }

    public func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor {
        guard let axis = x.shape.normalized(axis: axis), axis > 0 else {
            throw ModelError(.invalidArgument, "axis \(axis) is not one that an input of shape \(x.shape) normalizes")
        }
        return try x.normalized(axis: axis)
    }
}
