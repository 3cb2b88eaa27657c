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

    /// The gradient of x, given that of y; nil where none flows.
    func gradient(_ x: SymbolicTensor, _ y: SymbolicTensor, _ d: SymbolicTensor) throws -> SymbolicTensor? {
        switch self {
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
}
