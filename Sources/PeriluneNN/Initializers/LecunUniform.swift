public import PeriluneGraph
public import PeriluneItems

/// Uniform within ±√(3 / fan-in) (LeCun et al. 1998).
public struct LecunUniform: Initializer, Hashable, Sendable {
    public static let name = "lecun_uniform"

    public static let declaration = InitializerDeclaration(
        name, LecunUniform(), help: "LeCun et al. 1998, uniform.")

    public init() {}

    public func makeTensor(shape: Shape, seed: UInt64, stream: UInt64) throws -> Tensor {
        try VarianceScaling(scale: 1, mode: .fanIn, distribution: .uniform)
            .makeTensor(shape: shape, seed: seed, stream: stream)
    }
}
