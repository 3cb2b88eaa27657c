public import PeriluneGraph
public import PeriluneItems

/// All elements 0.
public struct Zeros: Initializer, Hashable, Sendable {
    public static let name = "zeros"

    public static let declaration = InitializerDeclaration(
        name, aliases: ["zero"], Zeros(), help: "All zeros.")

    public init() {}

    public func makeTensor(shape: Shape, seed: UInt64, stream: UInt64) -> Tensor { Tensor(repeating: 0, shape: shape) }
}
