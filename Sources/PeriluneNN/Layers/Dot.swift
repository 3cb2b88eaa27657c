public import PeriluneGraph
public import PeriluneItems

/// The dot products of two inputs' vectors (keras.layers.Dot over the last axis).
///
/// Inputs [n, features] give [n, 1]; `normalize` makes that the cosine.
public final class Dot: Layer {
    public static let kind = "dot"

    public static let declaration = LayerDeclaration(
        layer: kind, Dot(),
        options: [.optional("normalize", \.normalizes, .boolean, "whether to take the cosine")],
        help: "The dot products of two inputs' vectors."
    ) { try Dot(normalizes: $0[\.normalizes]) }

    public let core: LayerCore
    public let normalizes: Bool

    public init(normalizes: Bool = false, name: String? = nil) {
        core = LayerCore(name: name)
        self.normalizes = normalizes
    }

    public func declareWeights(for inputs: [TensorSpec]) throws -> [WeightDeclaration] {
        guard inputs.count == 2, inputs[0] == inputs[1], inputs[0].shape.rank == 2 else {
            let shapes = inputs.map(\.shape.description).joined(separator: ", ")
            throw ModelError(.shapeMismatch, "takes two inputs of one shape [n, features], got \(shapes)")
        }
        return []
    }

    public func call(_ inputs: [SymbolicTensor], in context: LayerContext) throws -> [SymbolicTensor] {
        let vectors = try normalizes ? inputs.map { try $0.normalized(axis: -1) } : inputs
        return try [(vectors[0] * vectors[1]).sum([-1], keepingAxes: true)]
    }
}
