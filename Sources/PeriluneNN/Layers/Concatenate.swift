public import PeriluneGraph
public import PeriluneItems

/// The inputs one after another along an axis (keras.layers.Concatenate).
///
/// Inputs of the same shape but for that axis; the output's axis has the sum of their extents.
public final class Concatenate: Layer {
    public static let kind = "concatenate"

    public static let declaration = LayerDeclaration(
        layer: kind, Concatenate(),
        options: [.axis(\.axis, "the axis")],
        help: "Its inputs one after another along an axis."
    ) { try Concatenate(axis: $0[\.axis]) }

    public let core: LayerCore
    public let axis: Int

    /// - Parameter axis: counted with the batch, negative from the end; not the batch's.
    public init(axis: Int = -1, name: String? = nil) {
        core = LayerCore(name: name)
        self.axis = axis
    }

    public func declareWeights(for inputs: [TensorSpec]) throws -> [WeightDeclaration] {
        guard let first = inputs.first else { throw ModelError(.invalidArgument, "takes at least 1 input, got none") }
        guard let axis = first.shape.normalized(axis: axis), axis > 0 else {
            throw ModelError(.invalidArgument, "axis \(axis) is not an axis after the batch of shape \(first.shape)")
        }
        return []
    }

    public func call(_ inputs: [SymbolicTensor], in context: LayerContext) throws -> [SymbolicTensor] {
        try [.concatenated(inputs, axis: axis)]
    }
}
