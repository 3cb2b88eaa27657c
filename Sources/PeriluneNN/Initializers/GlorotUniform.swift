public import PeriluneGraph
public import PeriluneItems

/// Uniform within ±√(6 / (fan-in + fan-out)) (Glorot and Bengio 2010). Keras's default of kernels.
public struct GlorotUniform: Initializer, Hashable, Sendable {
    public static let name = "glorot_uniform"

    public static let declaration = InitializerDeclaration(
        name, GlorotUniform(), help: "Glorot and Bengio 2010, uniform: the default of kernels.")

    public init() {}

    public func makeTensor(shape: Shape, seed: UInt64, stream: UInt64) throws -> Tensor {
        try VarianceScaling(scale: 1, mode: .fanAverage, distribution: .uniform)
            .makeTensor(shape: shape, seed: seed, stream: stream)
    }
}
