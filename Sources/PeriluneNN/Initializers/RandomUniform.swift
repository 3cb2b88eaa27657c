public import PeriluneGraph
public import PeriluneItems

/// Uniform in [minimum, maximum).
public struct RandomUniform: Initializer, Hashable, Sendable {
    public static let name = "random_uniform"

    public static let declaration = InitializerDeclaration(
        name, aliases: ["uniform"], RandomUniform(),
        options: [
            .optional("minval", \.minimum, .number(), "the lower bound"),
            .optional("maxval", \.maximum, .number(), "the upper bound"),
        ],
        help: "Random, uniform."
    ) { try RandomUniform(minimum: $0[\.minimum], maximum: $0[\.maximum]) }

    public let minimum: Float
    public let maximum: Float

    public init(minimum: Float = -0.05, maximum: Float = 0.05) {
        self.minimum = minimum
        self.maximum = maximum
    }

    /// - Throws: `ModelError` where the bounds are not finite or the wrong way round.
    public func makeTensor(shape: Shape, seed: UInt64, stream: UInt64) throws -> Tensor {
        guard minimum <= maximum, minimum.isFinite, maximum.isFinite else {
            throw ModelError(
                .invalidArgument,
                "initializer 'random_uniform': minval must be at most maxval, got \(minimum) and \(maximum)")
        }
        let philox = Philox(seed: seed, stream: stream)
        return Tensor(RandomNumbers.uniform(shape.elementCount, minimum, maximum, philox), shape: shape)
    }
}
