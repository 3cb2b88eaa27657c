public import PeriluneGraph
public import PeriluneItems

/// Truncated normal of variance 1 / fan-in (LeCun et al. 1998), for layers before selu.
public struct LecunNormal: Initializer, Hashable, Sendable {
    public static let name = "lecun_normal"

    public static let declaration = InitializerDeclaration(
        name, LecunNormal(), help: "LeCun et al. 1998, normal: for selu.")

    public init() {}

    public func makeTensor(shape: Shape, seed: UInt64, stream: UInt64) throws -> Tensor {
        try VarianceScaling(scale: 1, mode: .fanIn, distribution: .truncatedNormal)
            .makeTensor(shape: shape, seed: seed, stream: stream)
    }
}
