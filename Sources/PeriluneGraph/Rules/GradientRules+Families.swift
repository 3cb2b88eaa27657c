// The rules that are longer than a line.
extension GradientRules {
    static func matmul(
        _ a: SymbolicTensor, _ b: SymbolicTensor, _ d: SymbolicTensor, _ transposeA: Bool, _ transposeB: Bool
    ) throws -> [SymbolicTensor?] {
        func product(_ l: SymbolicTensor, _ r: SymbolicTensor, _ tl: Bool, _ tr: Bool) throws -> SymbolicTensor {
            try l.builder.emit(.matmul(transposeA: tl, transposeB: tr), [l, r])[0]
        }
        return try [
            transposeA ? product(b, d, transposeB, true) : product(d, b, false, !transposeB),
            transposeB ? product(d, a, true, transposeA) : product(a, d, !transposeA, false),
        ]
    }

    static func concatenate(_ x: [SymbolicTensor], _ d: SymbolicTensor, _ axis: Int) throws -> [SymbolicTensor?] {
        var start = 0
        return try x.map { operand in
            var starts = [Int](repeating: 0, count: d.rank)
            starts[axis] = start
            start += operand.shape[axis]
            return try d.sliced(starts: starts, extents: operand.shape.dimensions)
        }
    }

    /// The gradient of a broadcast: sums over the axes that were stretched or added.
    static func sumToShape(_ d: SymbolicTensor, _ shape: Shape) throws -> SymbolicTensor {
        let added = d.rank - shape.rank
        let axes = d.shape.dimensions.indices.filter { $0 < added || (shape[$0 - added] == 1 && d.shape[$0] != 1) }
        return try summedBeforePooling(d, axes).sum(axes).reshaped(to: shape)
    }

    /// Pooling gradients neither make nor lose anything within a channel, so a sum over batch and space may be taken of
    /// the smaller tensor in front of them.
    private static func summedBeforePooling(_ d: SymbolicTensor, _ axes: [Int]) -> SymbolicTensor {
        let node = d.builder.graph[d.value.node]
        guard case .poolingGradient = node.op, axes == Array(0..<d.rank - 1) else { return d }
        return summedBeforePooling(SymbolicTensor(node.inputs[0], in: d.builder), axes)
    }
}
