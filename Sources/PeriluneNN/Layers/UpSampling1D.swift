public import PeriluneGraph
public import PeriluneItems

/// Each step of a sequence several times (keras.layers.UpSampling1D).
///
/// Input [n, length, channels], output [n, length · size, channels].
public final class UpSampling1D: SingleInputLayer {
    public static let kind = "upsampling1d"

    public static let declaration = LayerDeclaration(
        layer: kind, UpSampling1D(),
        positional: [.optional("size", \.size, .integer(atLeast: 1), "how often")],
        help: "Repeats steps."
    ) { try UpSampling1D($0[\.size]) }

    public let core: LayerCore
    public let size: Int

    /// - Parameter size: how often, 1 or more.
    public init(_ size: Int = 2, name: String? = nil) {
        core = LayerCore(name: name)
        self.size = size
    }

    public var inputRanks: ClosedRange<Int> { 3...3 }
    public func validate() throws { try Argument.positive("size", size) }

    public func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor {
        let (n, length, channels) = (x.shape[0], x.shape[1], x.shape[2])
        return try x.expandingAxis(2).broadcast(to: [n, length, size, channels])
            .reshaped(to: [n, length * size, channels])
    }
}
