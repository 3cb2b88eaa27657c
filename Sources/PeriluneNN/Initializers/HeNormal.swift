public import PeriluneGraph
public import PeriluneItems

/// Truncated normal of variance 2 / fan-in (He et al. 2015), for layers before relu.
public struct HeNormal: Initializer, Hashable, Sendable {
    public static let name = "he_normal"

    public static let declaration = InitializerDeclaration(
        name, HeNormal(), help: "He et al. 2015, normal: good with relu.")

    public init() {}

    public func makeTensor(shape: Shape, seed: UInt64, stream: UInt64) throws -> Tensor {
        try VarianceScaling(scale: 2, mode: .fanIn, distribution: .truncatedNormal)
            .makeTensor(shape: shape, seed: seed, stream: stream)
    }
}
