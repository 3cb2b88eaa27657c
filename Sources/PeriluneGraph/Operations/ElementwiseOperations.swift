/// Functions of one element. All take and give float32; negate, absolute and sign take and give int32 as well.
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

extension UnaryOperation {
    /// Whether there is one for int32.
    public var takesIntegers: Bool {
        switch self {
        case .negate, .absolute, .sign: true
        case .floor, .reciprocal, .square, .squareRoot, .reciprocalSquareRoot, .exp, .expMinusOne, .log, .logOnePlus,
            .tanh, .sigmoid, .erf, .softplus, .relu, .sine, .cosine:
            false
        }
    }
}

/// Functions of two elements of one type. Arithmetic on float32 gives float32; add, subtract, multiply, maximum and minimum
/// take int32 too and give int32, which wraps around. Comparisons take either and give 1 or 0 as float32. What is computed
/// of int32 is exact: nothing goes by way of float32.
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

/// Ways to combine the elements along an axis: of float32 or, exactly, of int32, whose sum wraps around. The largest and the
/// smallest of elements with a NaN among them are NaN.
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
