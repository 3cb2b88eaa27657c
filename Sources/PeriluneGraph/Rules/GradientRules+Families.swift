// The rules that are longer than a line.
extension GradientRules {
    static func unary(
        _ operation: UnaryOperation, _ x: SymbolicTensor, _ y: SymbolicTensor, _ d: SymbolicTensor
    ) throws -> SymbolicTensor? {
        switch operation {
        case .negate: try -d
        case .absolute: try d * x.applying(.sign)
        case .sign, .floor: nil
        case .reciprocal: try -(d * y.squared())
        case .square: try d * (x * 2)
        case .squareRoot: try d * 0.5 / y
        case .reciprocalSquareRoot: try d * -0.5 * y / x
        case .exp: try d * y
        case .expMinusOne: try d * (y + 1)
        case .log: try d / x
        case .logOnePlus: try d / (x + 1)
        case .tanh: try d * (1 - y.squared())
        case .sigmoid: try d * (y * (1 - y))
        case .erf: try d * ((-x.squared()).exp() * 1.128_379_2)  // 2 / sqrt(pi)
        case .softplus: try d * x.sigmoid()
        case .relu: try y.combined(.lessOrEqual, 0).select(d.builder.fill(0), d)
        case .sine: try d * x.applying(.cosine)
        case .cosine: try -(d * x.applying(.sine))
        }
    }

    static func binary(
        _ operation: BinaryOperation, _ a: SymbolicTensor, _ b: SymbolicTensor, _ y: SymbolicTensor, _ d: SymbolicTensor
    ) throws -> [SymbolicTensor?] {
        switch operation {
        case .add: return [d, d]
        case .subtract: return try [d, -d]
        case .multiply: return try [d * b, d * a]
        case .divide: return try [d / b, -(d * y / b)]
        case .power:
            // The logarithm is taken of positive bases only: elsewhere the exponent has no real gradient.
            let one = try a.builder.fill(1).broadcast(to: a.shape)
            let base = try a.combined(.greater, 0).select(a, one)
            return try [d * (b * a.combined(.power, b - 1)), d * (y * base.log())]
        case .maximum, .minimum:
            // Equal operands share the gradient, as in PyTorch.
            let win: BinaryOperation = operation == .maximum ? .greater : .less
            let half = try a.combined(.equal, b) * 0.5
            return try [d * (a.combined(win, b) + half), d * (b.combined(win, a) + half)]
        case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual:
            return [nil, nil]
        }
    }

    static func reduce(
        _ operation: ReduceOperation, _ axes: [Int], _ x: SymbolicTensor, _ y: SymbolicTensor, _ d: SymbolicTensor
    ) throws -> SymbolicTensor {
        let kept = Shape(x.shape.dimensions.enumerated().map { axes.contains($0.offset) ? 1 : $0.element })
        let spread = try d.reshaped(to: kept).broadcast(to: x.shape)
        switch operation {
        case .sum:
            return spread
        case .maximum, .minimum:
            // Equal elements share the gradient, as in PyTorch's amax.
            let mask = try x.combined(.equal, y.reshaped(to: kept))
            return try spread * (mask / mask.sum(axes, keepingAxes: true))
        }
    }

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
