public import PeriluneGraph
public import PeriluneItems

/// `l2 · Σx²` (keras.regularizers.L2).
public struct L2: Regularizer, Hashable, Sendable {
    public static let name = "l2"

    public static let declaration = RegularizerDeclaration(
        name, L2(), positional: [.optional("l2", \.factor, .number(.atLeast(0)), "the factor")],
        help: "The sum of squares times a factor."
    ) { try L2($0[\.factor]) }

    public let factor: Float

    public init(_ factor: Float = 0.01) { self.factor = factor }

    public func penalty(_ x: SymbolicTensor) throws -> SymbolicTensor {
        try Argument.finiteNotNegative("l2", factor)
        return try x.squared().sum() * factor
    }
}
