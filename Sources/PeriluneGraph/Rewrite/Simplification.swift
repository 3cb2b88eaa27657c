/// Rewrites that need only a node and its operands, done as nodes are added.
///
/// Only rewrites that keep every bit are here, but for the sign of a zero in one: `x * 0` stays, because x may be NaN,
/// and so does `x + 0`, because x may be -0.
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
        if op == .binary(.add), let joined = try joiningPads(inputs[0], inputs[1]) { return [joined] }
        guard case .pooling(let attributes) = op, attributes.kind == .maximum else { return nil }
        let (graph, builder) = (inputs[0].builder.graph, inputs[0].builder)
        let operand = graph[inputs[0].value.node]
        guard operand.op == .unary(.relu) else { return nil }
        let pooled = try builder.emit(op, [SymbolicTensor(operand.inputs[0], in: builder)])
        return try [pooled[0].relu(), pooled[1]]
    }

    /// The sum of two tensors with zeros around them that lie side by side: one tensor of both with zeros around it.
    /// The gradients of parts of one tensor meet so. A zero keeps its sign, which it may lose in a sum with 0.
    private static func joiningPads(_ a: SymbolicTensor, _ b: SymbolicTensor) throws -> SymbolicTensor? {
        let graph = a.builder.graph
        let (first, second) = (graph[a.value.node], graph[b.value.node])
        guard case .pad(let before, let after) = first.op, case .pad(let nextBefore, let nextAfter) = second.op else {
            return nil
        }
        let axes = before.indices.filter { before[$0] + after[$0] + nextBefore[$0] + nextAfter[$0] > 0 }
        guard axes.count == 1, let axis = axes.first else { return nil }
        // The one that begins further to the front comes first.
        guard before[axis] <= nextBefore[axis] else { return try joiningPads(b, a) }
        guard before[axis] + graph.spec(of: first.inputs[0]).shape[axis] == nextBefore[axis] else { return nil }
        /// The operands of a concatenation along this axis, or the tensor itself.
        func parts(_ value: Value) -> [SymbolicTensor] {
            guard graph[value.node].op == .concatenate(axis: axis) else {
                return [SymbolicTensor(value, in: a.builder)]
            }
            return graph[value.node].inputs.map { SymbolicTensor($0, in: a.builder) }
        }
        let joined = try SymbolicTensor.concatenated(parts(first.inputs[0]) + parts(second.inputs[0]), axis: axis)
        return try joined.padded(before: before, after: nextAfter)
    }

    /// Whether all elements of a value are `number`.
    private static func isFill(_ value: Value, _ number: Float, _ graph: Graph) -> Bool {
        let node = graph[value.node]
        if case .broadcast = node.op { return isFill(node.inputs[0], number, graph) }
        if case .reshape = node.op { return isFill(node.inputs[0], number, graph) }
        return node.op == .fill(number)
    }
}
