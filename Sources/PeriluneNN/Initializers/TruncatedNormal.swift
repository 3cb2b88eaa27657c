public import PeriluneGraph
public import PeriluneItems

/// Normal with `mean` and `standardDeviation`; what is further than two deviations from the mean is drawn again.
public struct TruncatedNormal: Initializer, Hashable, Sendable {
    public static let name = "truncated_normal"

    public static let declaration = InitializerDeclaration(
        name, TruncatedNormal(),
        options: [
            .optional("mean", \.mean, .number(), "the mean"),
            .optional("stddev", \.standardDeviation, .number(.atLeast(0)), "the standard deviation"),
        ],
        help: "Random, normal, within two deviations of the mean."
    ) { try TruncatedNormal(mean: $0[\.mean], standardDeviation: $0[\.standardDeviation]) }

    public let mean: Float
    public let standardDeviation: Float

    public init(mean: Float = 0, standardDeviation: Float = 0.05) {
        self.mean = mean
        self.standardDeviation = standardDeviation
    }

    /// - Throws: `ModelError` where the deviation is negative or not finite.
    public func makeTensor(shape: Shape, seed: UInt64, stream: UInt64) throws -> Tensor {
        try Argument.finiteNotNegative("stddev of initializer 'truncated_normal'", standardDeviation)
        let philox = Philox(seed: seed, stream: stream)
        return Tensor(
            RandomNumbers.truncatedNormal(
                shape.elementCount, mean: mean, deviation: standardDeviation, philox), shape: shape)
    }
}
