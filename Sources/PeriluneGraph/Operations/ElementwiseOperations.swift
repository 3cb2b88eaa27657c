/// Functions of one element. All take and give float32.
public enum UnaryOperation: String, Hashable, Sendable, CaseIterable {
    case negate, absolute, sign, floor
    case reciprocal, square, squareRoot, reciprocalSquareRoot
    case exp, expMinusOne, log, logOnePlus
    case tanh, sigmoid, erf
    /// `log(1 + exp(x))` without overflow.
    case softplus
    case relu
    case sine, cosine
}

/// Functions of two elements. Arithmetic takes float32; comparisons take float32 or int32 and give 1 or 0 as float32.
public enum BinaryOperation: String, Hashable, Sendable, CaseIterable {
    case add, subtract, multiply, divide, power, maximum, minimum
    case less, lessOrEqual, greater, greaterOrEqual, equal, notEqual

    /// Whether the result is a mask of ones and zeros.
    public var isComparison: Bool {
        switch self {
        case .add, .subtract, .multiply, .divide, .power, .maximum, .minimum: false
        case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual: true
        }
    }
}

/// Ways to combine the elements along an axis.
public enum ReduceOperation: String, Hashable, Sendable, CaseIterable {
    case sum, maximum, minimum
}

/// Distributions of `Op.random`.
public enum RandomDistribution: Hashable, Sendable {
    /// Uniform in [0, 1).
    case uniform
    /// Normal with mean 0 and standard deviation 1.
    case normal
    /// 0 with probability `rate`, otherwise `1 / (1 - rate)`: the mask of inverted dropout.
    case dropoutMask(rate: Float)
}
