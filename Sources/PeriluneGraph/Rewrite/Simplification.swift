/// Rewrites that need only a node and its operands, done as nodes are added.
///
/// Only rewrites that keep every bit are here: `x * 0` stays, because x may be NaN, and so does `x + 0`, because x may
/// be -0.
enum Simplification {
    /// A value that `op` on `inputs` is equal to, or nil where there is none yet in the graph.
    static func replacement(for op: Op, _ inputs: [Value], in graph: Graph) -> Value? {
        if op == .binary(.multiply) {
            if isFill(inputs[1], 1, graph) { return inputs[0] }
            if isFill(inputs[0], 1, graph) { return inputs[1] }
        }
        if op == .binary(.divide), isFill(inputs[1], 1, graph) { return inputs[0] }
        guard let operand = inputs.first.map({ graph[$0.node] }) else { return nil }
        // -(-x)
        if op == .unary(.negate), operand.op == .unary(.negate) { return operand.inputs[0] }
        // A reshape back to where it came from.
        if case .reshape(let shape) = op, case .reshape = operand.op, graph.spec(of: operand.inputs[0]).shape == shape {
            return operand.inputs[0]
        }
        // A transpose and its inverse.
        if case .transpose(let second) = op, case .transpose(let first) = operand.op,
            second.map({ first[$0] }) == Array(first.indices)
        {
            return operand.inputs[0]
        }
        return nil
    }

    /// What gives the same as `op` on `inputs` for less, as new nodes, or nil.
    ///
    /// The largest of what relu leaves is what relu leaves of the largest, NaN and gradients included: a maximum
    /// pooling goes first, so that relu has fewer elements to look at.
    static func cheaper(_ op: Op, _ inputs: [SymbolicTensor]) throws -> [SymbolicTensor]? {
        guard case .pooling(let attributes) = op, attributes.kind == .maximum else { return nil }
        let (graph, builder) = (inputs[0].builder.graph, inputs[0].builder)
        let operand = graph[inputs[0].value.node]
        guard operand.op == .unary(.relu) else { return nil }
        let pooled = try builder.emit(op, [SymbolicTensor(operand.inputs[0], in: builder)])
        return try [pooled[0].relu(), pooled[1]]
    }

    /// Whether all elements of a value are `number`.
    private static func isFill(_ value: Value, _ number: Float, _ graph: Graph) -> Bool {
        let node = graph[value.node]
        if case .broadcast = node.op { return isFill(node.inputs[0], number, graph) }
        if case .reshape = node.op { return isFill(node.inputs[0], number, graph) }
        return node.op == .fill(number)
    }
}
