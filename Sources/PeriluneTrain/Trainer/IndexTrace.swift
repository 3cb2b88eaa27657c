import PeriluneData
import PeriluneGraph

/// Finds, in a graph for a batch of one, which elements of its inputs choose rows of tables.
///
/// An element counts where views alone lie between the input and the choice. Indices that a model computes are not
/// known before it runs.
struct IndexTrace {
    /// Where an element of a value comes from; nil for one that no input holds.
    private typealias Origins = [Origin?]

    private struct Origin: Hashable {
        let input: Int
        let element: Int
    }

    private let graph: Graph
    private var found: [(table: String, rows: Int, origins: Origins)] = []

    /// - Parameter name: what errors call the table in a variable.
    init(_ graph: Graph, name: (VariableID) -> String) {
        self.graph = graph
        for node in graph.nodes {
            guard case .gather = node.op, case .variable(let variable) = graph[node.inputs[0].node].op,
                let origins = origins(of: node.inputs[1])
            else { continue }
            found.append((name(variable), graph.spec(of: node.inputs[0]).shape[0], origins))
        }
    }

    /// The rules for the elements of one input, `width` of them.
    func rules(input: Int, width: Int) -> [IndexRule] {
        found.compactMap { table, rows, origins in
            let elements = Set(origins.compactMap { $0?.input == input ? $0?.element : nil })
            guard !elements.isEmpty else { return nil }
            return IndexRule(table: table, rows: rows, elements: elements.count == width ? nil : elements.sorted())
        }
    }

    /// Where the elements of `value` come from; nil where they are computed.
    private func origins(of value: Value) -> Origins? {
        let node = graph[value.node]
        let shape = graph.spec(of: value).shape
        func operand(_ index: Int = 0) -> Origins? { origins(of: node.inputs[index]) }
        func extents(_ index: Int = 0) -> Shape { graph.spec(of: node.inputs[index]).shape }
        if case .input(let input) = node.op {
            return (0..<shape.elementCount).map { Origin(input: input, element: $0) }
        }
        if case .cast = node.op { return operand() }
        if case .stopGradient = node.op { return operand() }
        if case .reshape = node.op { return operand() }
        if case .transpose(let permutation) = node.op {
            return operand()?.viewed(shape, of: extents()) { index in
                var source = index
                for (axis, from) in permutation.enumerated() { source[from] = index[axis] }
                return source
            }
        }
        if case .slice(let starts, _) = node.op {
            return operand()?.viewed(shape, of: extents()) { zip($0, starts).map { $0 + $1 } }
        }
        if case .pad(let before, _) = node.op {
            return operand()?.viewed(shape, of: extents()) { zip($0, before).map { $0 - $1 } }
        }
        if case .broadcast = node.op {
            let (from, skipped) = (extents(), shape.rank - extents().rank)
            return operand()?.viewed(shape, of: from) { index in
                index.dropFirst(skipped).enumerated().map { from[$0.offset] == 1 ? 0 : $0.element }
            }
        }
        if case .concatenate(let axis) = node.op {
            var result = Origins(repeating: nil, count: shape.elementCount)
            var start = 0
            for part in node.inputs.indices {
                let (from, first) = (extents(part), start)
                // What is computed stays unknown; the parts beside it do not.
                let placed = operand(part)?.viewed(shape, of: from) { index in
                    var source = index
                    source[axis] -= first
                    return source
                }
                for (element, origin) in (placed ?? []).enumerated() where origin != nil { result[element] = origin }
                start += from[axis]
            }
            return result
        }
        return nil
    }
}

extension Array {
    /// The elements of a tensor of shape `from` as a view of shape `shape` shows them: `source` gives the index in
    /// `from` of an index in `shape`. What lies outside is nil.
    fileprivate func viewed<Wrapped>(_ shape: Shape, of from: Shape, source: ([Int]) -> [Int]) -> [Wrapped?]
    where Element == Wrapped? {
        let (strides, sourceStrides) = (shape.rowMajorStrides, from.rowMajorStrides)
        return (0..<shape.elementCount).map { element in
            let index = zip(strides, shape.dimensions).map { element / $0 % $1 }
            let place = source(index)
            guard zip(place, from.dimensions).allSatisfy({ $0 >= 0 && $0 < $1 }) else { return nil }
            return self[zip(place, sourceStrides).reduce(0) { $0 + $1.0 * $1.1 }]
        }
    }
}
