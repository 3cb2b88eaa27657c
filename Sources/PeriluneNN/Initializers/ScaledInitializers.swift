public import PeriluneGraph

/// Uniform within ±√(6 / (fan-in + fan-out)) (Glorot and Bengio 2010). Keras's default of kernels.
public struct GlorotUniform: Initializer, Hashable, Sendable {
    public static let name = "glorot_uniform"

    public init() {}

    public func makeTensor(shape: Shape, seed: UInt64, stream: UInt64) throws -> Tensor {
        try VarianceScaling(scale: 1, mode: .fanAverage, distribution: .uniform)
            .makeTensor(shape: shape, seed: seed, stream: stream)
    }
}

/// Truncated normal of variance 2 / (fan-in + fan-out) (Glorot and Bengio 2010).
public struct GlorotNormal: Initializer, Hashable, Sendable {
    public static let name = "glorot_normal"

    public init() {}

    public func makeTensor(shape: Shape, seed: UInt64, stream: UInt64) throws -> Tensor {
        try VarianceScaling(scale: 1, mode: .fanAverage, distribution: .truncatedNormal)
            .makeTensor(shape: shape, seed: seed, stream: stream)
    }
}

/// Uniform within ±√(6 / fan-in) (He et al. 2015), for layers before relu.
public struct HeUniform: Initializer, Hashable, Sendable {
    public static let name = "he_uniform"

    public init() {}

    public func makeTensor(shape: Shape, seed: UInt64, stream: UInt64) throws -> Tensor {
        try VarianceScaling(scale: 2, mode: .fanIn, distribution: .uniform)
            .makeTensor(shape: shape, seed: seed, stream: stream)
    }
}

/// Truncated normal of variance 2 / fan-in (He et al. 2015), for layers before relu.
public struct HeNormal: Initializer, Hashable, Sendable {
    public static let name = "he_normal"

    public init() {}

    public func makeTensor(shape: Shape, seed: UInt64, stream: UInt64) throws -> Tensor {
        try VarianceScaling(scale: 2, mode: .fanIn, distribution: .truncatedNormal)
            .makeTensor(shape: shape, seed: seed, stream: stream)
    }
}

/// Uniform within ±√(3 / fan-in) (LeCun et al. 1998).
public struct LecunUniform: Initializer, Hashable, Sendable {
    public static let name = "lecun_uniform"

    public init() {}

    public func makeTensor(shape: Shape, seed: UInt64, stream: UInt64) throws -> Tensor {
        try VarianceScaling(scale: 1, mode: .fanIn, distribution: .uniform)
            .makeTensor(shape: shape, seed: seed, stream: stream)
    }
}

/// Truncated normal of variance 1 / fan-in (LeCun et al. 1998), for layers before selu.
public struct LecunNormal: Initializer, Hashable, Sendable {
    public static let name = "lecun_normal"

    public init() {}

    public func makeTensor(shape: Shape, seed: UInt64, stream: UInt64) throws -> Tensor {
        try VarianceScaling(scale: 1, mode: .fanIn, distribution: .truncatedNormal)
            .makeTensor(shape: shape, seed: seed, stream: stream)
    }
}
