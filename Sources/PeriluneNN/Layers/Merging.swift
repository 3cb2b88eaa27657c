public import PeriluneGraph
import PeriluneItems

/// Combines inputs of shapes that broadcast, element by element: what the merging layers share.
///
/// Inputs [n, …], output [n, …] of the broadcast shape.
public class Merging: Layer {
    public class var kind: String { "merging" }
    /// The number of inputs that is taken.
    class var counts: ClosedRange<Int> { 2...Int.max }

    public let core: LayerCore

    required init(name: String? = nil) { core = LayerCore(name: name) }

    public final func declareWeights(for inputs: [TensorSpec]) throws -> [WeightDeclaration] {
        guard Self.counts.contains(inputs.count) else {
            let wanted =
                Self.counts.upperBound == .max ? "at least \(Self.counts.lowerBound)" : "\(Self.counts.lowerBound)"
            throw ModelError(.invalidArgument, "takes \(wanted) inputs, got \(inputs.count)")
        }
        return []
    }

    public final func call(_ inputs: [SymbolicTensor], in context: LayerContext) throws -> [SymbolicTensor] {
        try [Self.merge(inputs)]
    }

    /// The inputs as one. Each merging layer says how.
    class func merge(_ inputs: [SymbolicTensor]) throws -> SymbolicTensor {
        throw ModelError(.unsupported, "\(kind) does not say how it merges its inputs")
    }
}

extension ItemDeclaration where Product == any Layer {
    static func merging<Item: Merging>(_ type: Item.Type, help: String) -> Self {
        LayerDeclaration(layer: Item.kind, Item(), help: help) { _ in Item() }
    }
}
