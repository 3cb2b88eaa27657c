/// A tensor that will have values when the graph runs: a handle to one value of a graph under construction.
///
/// Operators and methods add nodes to the builder. Operands of different shapes broadcast by NumPy's rule.
public struct SymbolicTensor {
    public let value: Value
    public let builder: GraphBuilder

    /// A handle to a value that `builder`'s graph has already.
    public init(_ value: Value, in builder: GraphBuilder) {
        self.value = value
        self.builder = builder
    }

    public var spec: TensorSpec { builder.graph.spec(of: value) }
    public var shape: Shape { spec.shape }
    public var dtype: DType { spec.dtype }
    public var rank: Int { shape.rank }
}

extension SymbolicTensor: Equatable {
    /// Whether both are the same value of the same graph.
    public static func == (a: SymbolicTensor, b: SymbolicTensor) -> Bool {
        a.builder === b.builder && a.value == b.value
    }
}
