/// Builds values of a finished graph again in another graph, out of other operands.
struct GraphReplay {
    let source: Graph
    let builder: GraphBuilder
    /// What stands for values of the source.
    private(set) var copies: [Value: SymbolicTensor] = [:]

    init(_ source: Graph, in builder: GraphBuilder) {
        (self.source, self.builder) = (source, builder)
    }

    /// Lets `tensor` stand for `value`: what `value` is made of is not looked at.
    mutating func replace(_ value: Value, by tensor: SymbolicTensor) { copies[value] = tensor }

    /// Lets tensors stand for the inputs, by their position.
    mutating func replaceInputs(by tensors: [SymbolicTensor]) {
        for (index, node) in source.nodes.enumerated() {
            if case .input(let position) = node.op, tensors.indices.contains(position) {
                replace(Value(NodeID(index: index)), by: tensors[position])
            }
        }
    }

    /// The copy of a value, with all that it is made of.
    /// - Throws: `GraphError` where that is an input that nothing stands for, or operands do not fit.
    mutating func copy(_ value: Value) throws -> SymbolicTensor {
        if let known = copies[value] { return known }
        for index in needed(for: value) {
            let (id, node) = (NodeID(index: index), source.nodes[index])
            let results = try builder.within(node.origin ?? builder.origin) { try copy(node) }
            for (output, result) in results.enumerated() where copies[Value(id, output: output)] == nil {
                copies[Value(id, output: output)] = result
            }
        }
        guard let copy = copies[value] else {
            throw GraphError(.invalidAttribute, "\(source[value.node].op.label) is of another graph")
        }
        return copy
    }

    /// Nodes to copy for a value, in running order: those that no tensor stands for.
    private func needed(for value: Value) -> [Int] {
        var isNeeded = [Bool](repeating: false, count: value.node.index + 1)
        isNeeded[value.node.index] = true
        for index in isNeeded.indices.reversed() where isNeeded[index] {
            for input in source.nodes[index].inputs where copies[input] == nil { isNeeded[input.node.index] = true }
        }
        return isNeeded.indices.filter { isNeeded[$0] }
    }

    private func copy(_ node: Node) throws -> [SymbolicTensor] {
        if case .input(let index) = node.op {
            throw GraphError(.invalidAttribute, "input \(index) is of another graph")
        }
        // Its stream is the other graph's own.
        if case .random(let distribution, _) = node.op { return [builder.random(distribution, node.outputs[0].shape)] }
        return try builder.emit(node.op, node.inputs.compactMap { copies[$0] }, spec: node.outputs[0])
    }
}
