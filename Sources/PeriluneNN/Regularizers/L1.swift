public import PeriluneGraph
public import PeriluneItems

/// `l1 · Σ|x|` (keras.regularizers.L1).
public struct L1: Regularizer, Hashable, Sendable {
    public static let name = "l1"

    public static let declaration = RegularizerDeclaration(
        name, L1(), positional: [.optional("l1", \.factor, .number(.atLeast(0)), "the factor")],
        help: "The sum of magnitudes times a factor."
    ) { try L1($0[\.factor]) }

    public let factor: Float

    public init(_ factor: Float = 0.01) { self.factor = factor }

    public func penalty(_ x: SymbolicTensor) throws -> SymbolicTensor {
        try Argument.finiteNotNegative("l1", factor)
        return try x.absolute().sum() * factor
    }
}
