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

    private static func isFill(_ value: Value, _ number: Float, _ graph: Graph) -> Bool {
        let node = graph[value.node]
        switch node.op {
        case .fill(let filled): return filled == number
        case .broadcast, .reshape: return isFill(node.inputs[0], number, graph)
        default: return false
        }
    }
}
