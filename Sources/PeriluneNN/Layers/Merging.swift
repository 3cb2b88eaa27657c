public import PeriluneGraph

/// Combines inputs of shapes that broadcast, element by element: what the merging layers share.
///
/// Inputs [n, …], output [n, …] of the broadcast shape.
public class Merging: Layer {
    public class var kind: String { "merging" }
    /// The number of inputs that is taken.
    class var counts: ClosedRange<Int> { 2...Int.max }

    public let core: LayerCore

    public init(name: String? = nil) { core = LayerCore(name: name) }

    public final func declareWeights(for inputs: [TensorSpec]) throws -> [WeightDeclaration] {
        guard Self.counts.contains(inputs.count) else {
            let wanted =
                Self.counts.upperBound == .max ? "at least \(Self.counts.lowerBound)" : "\(Self.counts.lowerBound)"
            throw ModelError(.invalidArgument, "takes \(wanted) inputs, got \(inputs.count)")
        }
        return []
    }

    public final func call(_ inputs: [SymbolicTensor], in context: LayerContext) throws -> [SymbolicTensor] {
        try [merge(inputs)]
    }

    func merge(_ inputs: [SymbolicTensor]) throws -> SymbolicTensor {
        try inputs.dropFirst().reduce(inputs[0], combine)
    }

    func combine(_ a: SymbolicTensor, _ b: SymbolicTensor) throws -> SymbolicTensor { a }
}
