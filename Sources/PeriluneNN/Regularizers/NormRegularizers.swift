public import PeriluneGraph

/// `l1 · Σ|x|` (keras.regularizers.L1).
public struct L1: Regularizer, Hashable, Sendable {
    public static let name = "l1"

    public let factor: Float

    public init(_ factor: Float = 0.01) { self.factor = factor }

    public func penalty(_ x: SymbolicTensor) throws -> SymbolicTensor {
        try Argument.finiteNotNegative("l1", factor)
        return try x.absolute().sum() * factor
    }
}

/// `l2 · Σx²` (keras.regularizers.L2).
public struct L2: Regularizer, Hashable, Sendable {
    public static let name = "l2"

    public let factor: Float

    public init(_ factor: Float = 0.01) { self.factor = factor }

    public func penalty(_ x: SymbolicTensor) throws -> SymbolicTensor {
        try Argument.finiteNotNegative("l2", factor)
        return try x.squared().sum() * factor
    }
}

/// `l1 · Σ|x| + l2 · Σx²` (keras.regularizers.L1L2).
public struct L1L2: Regularizer, Hashable, Sendable {
    public static let name = "l1_l2"

    public let l1: Float
    public let l2: Float

    public init(l1: Float = 0.01, l2: Float = 0.01) {
        self.l1 = l1
        self.l2 = l2
    }

    public func penalty(_ x: SymbolicTensor) throws -> SymbolicTensor {
        try L1(l1).penalty(x) + L2(l2).penalty(x)
    }
}
