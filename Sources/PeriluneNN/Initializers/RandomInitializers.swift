public import PeriluneGraph

/// Normal with `mean` and `standardDeviation`.
public struct RandomNormal: Initializer, Hashable, Sendable {
    public static let name = "random_normal"

    public let mean: Float
    public let standardDeviation: Float

    public init(mean: Float = 0, standardDeviation: Float = 0.05) {
        self.mean = mean
        self.standardDeviation = standardDeviation
    }

    /// - Throws: `ModelError` where the deviation is negative or not finite.
    public func makeTensor(shape: Shape, seed: UInt64, stream: UInt64) throws -> Tensor {
        try Argument.finiteNotNegative("stddev of initializer 'random_normal'", standardDeviation)
        let philox = Philox(seed: seed, stream: stream)
        return Tensor(
            RandomNumbers.normal(shape.elementCount, mean: mean, deviation: standardDeviation, philox), shape: shape)
    }
}

/// Uniform in [minimum, maximum).
public struct RandomUniform: Initializer, Hashable, Sendable {
    public static let name = "random_uniform"

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

/// Normal with `mean` and `standardDeviation`; what is further than two deviations from the mean is drawn again.
public struct TruncatedNormal: Initializer, Hashable, Sendable {
    public static let name = "truncated_normal"

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
