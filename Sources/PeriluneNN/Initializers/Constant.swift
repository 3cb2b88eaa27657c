public import PeriluneGraph
public import PeriluneItems

/// All elements `value`.
public struct Constant: Initializer, Hashable, Sendable {
    public static let name = "constant"

    public static let declaration = InitializerDeclaration(
        name, Constant(), positional: [.optional("value", \.value, .number(), "what every element is")],
        help: "One value everywhere."
    ) { try Constant($0[\.value]) }

    public let value: Float

    public init(_ value: Float = 0) { self.value = value }

    public func makeTensor(shape: Shape, seed: UInt64, stream: UInt64) -> Tensor {
        Tensor(repeating: value, shape: shape)
    }
}
