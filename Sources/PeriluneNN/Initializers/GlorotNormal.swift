public import PeriluneGraph
public import PeriluneItems

/// Truncated normal of variance 2 / (fan-in + fan-out) (Glorot and Bengio 2010).
public struct GlorotNormal: Initializer, Hashable, Sendable {
    public static let name = "glorot_normal"

    public static let declaration = InitializerDeclaration(
        name, GlorotNormal(), help: "Glorot and Bengio 2010, normal.")

    public init() {}

    public func makeTensor(shape: Shape, seed: UInt64, stream: UInt64) throws -> Tensor {
        try VarianceScaling(scale: 1, mode: .fanAverage, distribution: .truncatedNormal)
            .makeTensor(shape: shape, seed: seed, stream: stream)
    }
}
