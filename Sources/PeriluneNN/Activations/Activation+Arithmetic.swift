public import PeriluneGraph

extension Activation {
    /// Emits the function, element by element but for glu, softmax, log_softmax and sparsemax.
    /// - Throws: `ModelError` where the axis is not there or, for glu, its extent is odd.
    public func apply(_ x: SymbolicTensor) throws -> SymbolicTensor {
        switch self {
        case .linear: x
        case .celu(let alpha): try Activation.celu(x, alpha)
        case .elu(let alpha):
            // The exponential is taken of numbers up to 0 only: it never overflows, and neither does its gradient.
            try x.relu() + x.minimum(0).applying(.expMinusOne) * alpha
        case .exponential: try x.exp()
        case .gelu(let approximate): try Activation.gelu(x, approximate: approximate)
        case .glu(let axis): try Activation.glu(x, axis)
        case .hardShrink(let threshold): try x * x.absolute().combined(.greater, threshold)
        case .hardSigmoid: try Activation.hardSigmoid(x)
        case .hardSilu: try x * Activation.hardSigmoid(x)
        case .hardTanh: try x.clipped(-1, 1)
        case .leakyRelu(let slope): try x.relu() - (-x).relu() * slope
        case .logSigmoid: try -((-x).softplus())
        case .logSoftmax(let axis): try x.alongLastAxis(axis, "log_softmax") { try $0.logSoftmax() }
        case .mish: try x * x.softplus().tanh()
        case .relu(let slope, let maxValue, let threshold): try Activation.relu(x, slope, maxValue, threshold)
        case .relu6: try x.relu().minimum(6)
        case .selu:
            // Klambauer et al. 2017.
            try (x.relu() + x.minimum(0).applying(.expMinusOne) * 1.673_263_242_354_377_2) * 1.050_700_987_355_480_5
        case .sigmoid: try x.sigmoid()
        case .silu: try x * x.sigmoid()
        case .softShrink(let threshold): try (x - threshold).relu() - (-x - threshold).relu()
        case .softmax(let axis): try x.alongLastAxis(axis, "softmax") { try $0.softmax() }
        case .softplus: try x.softplus()
        case .softsign: try x / (x.absolute() + 1)
        case .sparsePlus: try Activation.sparsePlus(x)
        case .sparseSigmoid: try ((x + 1) * 0.5).clipped(0, 1)
        case .sparsemax(let axis): try x.alongLastAxis(axis, "sparsemax", Activation.sparsemax)
        case .squareplus(let b): try (x + (x.squared() + b).squareRoot()) * 0.5
        case .tanh: try x.tanh()
        case .tanhShrink: try x - x.tanh()
        case .threshold(let threshold, let value):
            try x.combined(.lessOrEqual, threshold).select(x.builder.fill(value), x)
        }
    }

    private static func celu(_ x: SymbolicTensor, _ alpha: Float) throws -> SymbolicTensor {
        try x.relu() + (x.minimum(0) / alpha).applying(.expMinusOne) * alpha
    }

    private static func gelu(_ x: SymbolicTensor, approximate: Bool) throws -> SymbolicTensor {
        guard approximate else { return try x * 0.5 * ((x * 0.707_106_781_186_547_5).applying(.erf) + 1) }
        let inner = try (x + x * x.squared() * 0.044_715) * 0.797_884_560_802_865_4
        return try x * 0.5 * (inner.tanh() + 1)
    }

    private static func glu(_ x: SymbolicTensor, _ axis: Int) throws -> SymbolicTensor {
        guard let axis = x.shape.normalized(axis: axis), x.shape[axis] % 2 == 0 else {
            throw ModelError(
                .shapeMismatch, "activation 'glu' takes an axis of an even extent, got axis \(axis) of shape \(x.shape)"
            )
        }
        let half = x.shape.replacing(axis: axis, with: x.shape[axis] / 2)
        var starts = [Int](repeating: 0, count: x.rank)
        let first = try x.sliced(starts: starts, extents: half.dimensions)
        starts[axis] = half[axis]
        return try first * x.sliced(starts: starts, extents: half.dimensions).sigmoid()
    }

    private static func hardSigmoid(_ x: SymbolicTensor) throws -> SymbolicTensor {
        try (x + 3).relu().minimum(6) * (1 / 6)
    }

    private static func relu(
        _ x: SymbolicTensor, _ slope: Float, _ maxValue: Float?, _ threshold: Float
    ) throws -> SymbolicTensor {
        var y = try threshold == 0 ? x.relu() : x.combined(.less, threshold).select(x.builder.fill(0), x)
        if let maxValue { y = try y.minimum(maxValue) }
        return try slope == 0 ? y : y - (threshold - x).relu() * slope
    }

    private static func sparsePlus(_ x: SymbolicTensor) throws -> SymbolicTensor {
        let middle = try (x.clipped(-1, 1) + 1).squared() * 0.25
        return try middle + (x - 1).relu()
    }

    private static func sparsemax(_ x: SymbolicTensor) throws -> SymbolicTensor {
        // The support is the x_i with 1 + k_i x_i > sum of those x_j that are at least x_i, k_i of them.
        let rows = try x.expandingAxis(-1)
        let others = try x.expandingAxis(-2)
        let atLeast = try others.combined(.greaterOrEqual, rows)
        let sums = try (atLeast * others).sum([-1])
        let support = try (atLeast.sum([-1]) * x + 1).combined(.greater, sums)
        let threshold =
            try ((support * x).sum([-1], keepingAxes: true) - 1) / support.sum([-1], keepingAxes: true)
        return try (x - threshold).relu()
    }
}

extension SymbolicTensor {
    /// `body` of this tensor with `axis` moved last and, afterwards, back.
    func alongLastAxis(
        _ axis: Int, _ name: String, _ body: (SymbolicTensor) throws -> SymbolicTensor
    ) throws -> SymbolicTensor {
        guard let axis = shape.normalized(axis: axis) else {
            throw ModelError(.invalidArgument, "\(name): shape \(shape) has no axis \(axis)")
        }
        // Swapping two axes is its own inverse.
        var permutation = Array(0..<rank)
        permutation.swapAt(axis, rank - 1)
        return try body(transposed(permutation)).transposed(permutation)
    }
}
