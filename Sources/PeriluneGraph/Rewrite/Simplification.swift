/// Rewrites that need only a node and its operands, done as nodes are added.
///
/// Only rewrites that keep every bit are here: `x * 0` stays, because x may be NaN, and so does `x + 0`, because x may
/// be -0.
enum Simplification {
    /// A value that `op` on `inputs` is equal to, or nil where there is none yet in the graph.
    static func replacement(for op: Op, _ inputs: [Value], in graph: Graph) -> Value? {
        switch op {
        case .binary(.multiply):
            if isFill(inputs[1], 1, graph) { return inputs[0] }
            if isFill(inputs[0], 1, graph) { return inputs[1] }
            return nil
        case .binary(.divide):
            return isFill(inputs[1], 1, graph) ? inputs[0] : nil
        case .unary(.negate):
            // -(-x)
            let operand = graph[inputs[0].node]
            return operand.op == .unary(.negate) ? operand.inputs[0] : nil
        case .reshape(let shape):
            // A reshape back to where it came from.
            let operand = graph[inputs[0].node]
            guard case .reshape = operand.op, graph.spec(of: operand.inputs[0]).shape == shape else { return nil }
            return operand.inputs[0]
        case .transpose(let permutation):
            // A transpose and its inverse.
            let operand = graph[inputs[0].node]
            guard case .transpose(let first) = operand.op, permutation.map({ first[$0] }) == Array(first.indices) else {
                return nil
            }
            return operand.inputs[0]
        case .input, .variable, .hyperparameter, .fill, .literal, .random, .unary, .binary, .select, .cast,
            .stopGradient, .broadcast, .slice, .pad, .concatenate, .reduce, .argMax, .inTopK, .oneHot, .gather,
            .scatterAdd, .matmul, .convolution, .convolutionInputGradient, .convolutionKernelGradient, .pooling,
            .poolingGradient, .batchNormalization, .batchNormalizationGradient, .softmax, .logSoftmax:
            return nil
        }
    }

    /// What gives the same as `op` on `inputs` for less, as new nodes, or nil.
    ///
    /// The largest of what relu leaves is what relu leaves of the largest, NaN and gradients included: a maximum pooling
    /// goes first, so that relu has fewer elements to look at.
    static func cheaper(_ op: Op, _ inputs: [SymbolicTensor]) throws -> [SymbolicTensor]? {
        guard case .pooling(let attributes) = op, attributes.kind == .maximum else { return nil }
        let (graph, builder) = (inputs[0].builder.graph, inputs[0].builder)
        let operand = graph[inputs[0].value.node]
        guard operand.op == .unary(.relu) else { return nil }
        let pooled = try builder.emit(op, [SymbolicTensor(operand.inputs[0], in: builder)])
        return try [pooled[0].relu(), pooled[1]]
    }

    private static func isFill(_ value: Value, _ number: Float, _ graph: Graph) -> Bool {
        let node = graph[value.node]
        switch node.op {
        case .fill(let filled): return filled == number
        case .broadcast, .reshape: return isFill(node.inputs[0], number, graph)
        default: return false
        }
    }
}
