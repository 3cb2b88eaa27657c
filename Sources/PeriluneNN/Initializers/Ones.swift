public import PeriluneGraph
public import PeriluneItems

/// All elements 1.
public struct Ones: Initializer, Hashable, Sendable {
    public static let name = "ones"

    public static let declaration = InitializerDeclaration(
        name, aliases: ["one"], Ones(), help: "All ones.")

    public init() {}

    public func makeTensor(shape: Shape, seed: UInt64, stream: UInt64) -> Tensor { Tensor(repeating: 1, shape: shape) }
}
