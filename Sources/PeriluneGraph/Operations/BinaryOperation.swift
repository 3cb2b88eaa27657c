/// Functions of two elements of one type. Arithmetic on float32 gives float32; add, subtract, multiply, maximum and
/// minimum take int32 too and give int32, which wraps around. Comparisons take either and give 1 or 0 as float32. What
/// is computed of int32 is exact: nothing goes by way of float32.
public enum BinaryOperation: String, Hashable, Sendable, CaseIterable {
    case add, subtract, multiply, divide, power, maximum, minimum
    case less, lessOrEqual, greater, greaterOrEqual, equal, notEqual

    /// Whether there is one for int32.
    public var takesIntegers: Bool {
        switch self {
        case .add, .subtract, .multiply, .maximum, .minimum: true
        case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual: true
        case .divide, .power: false
        }
    }

    /// Whether the result is a mask of ones and zeros.
    public var isComparison: Bool {
        switch self {
        case .add, .subtract, .multiply, .divide, .power, .maximum, .minimum: false
        case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual: true
        }
    }
}

extension BinaryOperation {
    /// The gradients of a and b, given that of y; nil where none flows.
    func gradients(
        _ a: SymbolicTensor, _ b: SymbolicTensor, _ y: SymbolicTensor, _ d: SymbolicTensor
    ) throws -> [SymbolicTensor?] {
        switch self {
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
            let win: BinaryOperation = self == .maximum ? .greater : .less
            let half = try a.combined(.equal, b) * 0.5
            return try [d * (a.combined(win, b) + half), d * (b.combined(win, a) + half)]
        case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual:
            return [nil, nil]
        }
    }
}
