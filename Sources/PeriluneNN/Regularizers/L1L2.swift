public import PeriluneGraph
public import PeriluneItems

/// `l1 · Σ|x| + l2 · Σx²` (keras.regularizers.L1L2).
public struct L1L2: Regularizer, Hashable, Sendable {
    public static let name = "l1_l2"

    public static let declaration = RegularizerDeclaration(
        name, aliases: ["l1l2"], L1L2(),
        options: [
            .optional("l1", \.l1, .number(.atLeast(0)), "the factor of magnitudes"),
            .optional("l2", \.l2, .number(.atLeast(0)), "the factor of squares"),
        ],
        help: "Both l1 and l2."
    ) { try L1L2(l1: $0[\.l1], l2: $0[\.l2]) }

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
