public import PeriluneGraph
public import PeriluneItems

/// Uniform within ±√(6 / fan-in) (He et al. 2015), for layers before relu.
public struct HeUniform: Initializer, Hashable, Sendable {
    public static let name = "he_uniform"

    public static let declaration = InitializerDeclaration(
        name, HeUniform(), help: "He et al. 2015, uniform: good with relu.")

    public init() {}

    public func makeTensor(shape: Shape, seed: UInt64, stream: UInt64) throws -> Tensor {
        try VarianceScaling(scale: 2, mode: .fanIn, distribution: .uniform)
            .makeTensor(shape: shape, seed: seed, stream: stream)
    }
}
