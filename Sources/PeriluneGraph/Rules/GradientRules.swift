/// The vector-Jacobian product of each operation, as nodes of the same graph.
enum GradientRules {
    /// Gradients of the operands of `node`, given those of its outputs.
    ///
    /// - Parameters:
    ///   - x: the operands.
    ///   - y: the outputs.
    ///   - dy: the gradient of each output, nil where nothing depends on it. At least one is there.
    ///   - isWanted: for each operand, whether its gradient is used: a loop computes no other.
    /// - Returns: one entry an operand, nil where no gradient flows.
    static func operandGradients(
        _ node: Node, x: [SymbolicTensor], y: [SymbolicTensor], dy: [SymbolicTensor?], isWanted: [Bool]
    ) throws -> [SymbolicTensor?] {
        if case .scan(let scan) = node.op {
            return try ScanGradient.operandGradients(scan, x: x, y: y, dy: dy, isWanted: isWanted)
        }
        guard let d = dy[0] else { return x.map { _ in nil } }
        switch node.op {
        case .input, .variable, .hyperparameter, .fill, .literal, .random, .scan:
            return []
        case .unary(let operation):
            return try [operation.gradient(x[0], y[0], d)]
        case .binary(let operation):
            return try operation.gradients(x[0], x[1], y[0], d)
        case .select:
            let zero = try d.builder.fill(0).broadcast(to: d.shape)
            return try [nil, x[0].select(d, zero), x[0].select(zero, d)]
        case .cast, .stopGradient, .argMax, .inTopK, .oneHot:
            return x.map { _ in nil }
        case .broadcast:
            return try [sumToShape(d, x[0].shape)]
        case .reshape:
            return try [d.reshaped(to: x[0].shape)]
        case .transpose(let permutation):
            var inverse = permutation
            for (axis, source) in permutation.enumerated() { inverse[source] = axis }
            return try [d.transposed(inverse)]
        case .slice(let starts, let extents):
            let after = starts.indices.map { x[0].shape[$0] - starts[$0] - extents[$0] }
            return try [d.padded(before: starts, after: after)]
        case .pad(let before, _):
            return try [d.sliced(starts: before, extents: x[0].shape.dimensions)]
        case .concatenate(let axis):
            return try concatenate(x, d, axis)
        case .reduce(let operation, let axes):
            return try [operation.gradient(along: axes, x[0], y[0], d)]
        case .gather:
            return try [d.builder.emit(.scatterAdd(rows: x[0].shape[0]), [x[1], d])[0], nil]
        case .scatterAdd:
            return try [nil, d.gather(x[0])]
        case .matmul(let transposeA, let transposeB):
            return try matmul(x[0], x[1], d, transposeA, transposeB)
        case .convolution(let attributes):
            return try [
                d.builder.emit(.convolutionInputGradient(attributes, input: x[0].shape), [d, x[1]])[0],
                d.builder.emit(.convolutionKernelGradient(attributes, kernel: x[1].shape), [x[0], d])[0],
            ]
        case .convolutionInputGradient(let attributes, _):
            // y = convᵀ(x0, kernel): linear in both, so its gradients are the other two of the family.
            return try [
                d.convolution(x[1], attributes),
                d.builder.emit(.convolutionKernelGradient(attributes, kernel: x[1].shape), [d, x[0]])[0],
            ]
        case .convolutionKernelGradient(let attributes, _):
            return try [
                d.builder.emit(.convolutionInputGradient(attributes, input: x[0].shape), [x[1], d])[0],
                x[0].convolution(d, attributes),
            ]
        case .pooling(let attributes):
            return try [d.builder.emit(.poolingGradient(attributes, input: x[0].shape), [d, y[1]])[0]]
        case .batchNormalization(let epsilon):
            let gradients = try d.builder.emit(
                .batchNormalizationGradient(epsilon: epsilon), [x[0], y[1], y[2], x[1], d])
            return gradients
        case .softmax:
            return try [y[0] * (d - (d * y[0]).sum([-1], keepingAxes: true))]
        case .logSoftmax:
            return try [d - y[0].exp() * d.sum([-1], keepingAxes: true)]
        case .poolingGradient, .batchNormalizationGradient:
            throw GraphError(.notDifferentiable, "second derivatives of pooling and batch normalization are not there")
        }
    }
}
