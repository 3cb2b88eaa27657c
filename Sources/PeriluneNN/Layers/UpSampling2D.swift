public import PeriluneGraph
public import PeriluneItems

/// Each pixel several times: images enlarged by nearest neighbours (keras.layers.UpSampling2D).
///
/// Input [n, height, width, channels], output [n, height · size, width · size, channels].
public final class UpSampling2D: SingleInputLayer {
    public static let kind = "upsampling2d"

    public static let declaration = LayerDeclaration(
        layer: kind, UpSampling2D(),
        positional: [
            .optional("size", \.size, .extents, "how often: one number, or rows and columns")
        ],
        help: "Repeats rows and columns."
    ) { try UpSampling2D($0[\.size]) }

    public let core: LayerCore
    public let size: Extents

    /// - Parameter size: how often along height and width, 1 or more.
    public init(_ size: Extents = 2, name: String? = nil) {
        core = LayerCore(name: name)
        self.size = size
    }

    public var inputRanks: ClosedRange<Int> { 4...4 }
    public func validate() throws { _ = try size.expanded(to: 2, "size") }

    public func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor {
        let size = try size.expanded(to: 2, "size")
        let (n, height, width, channels) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3])
        return try x.reshaped(to: [n, height, 1, width, 1, channels])
            .broadcast(to: [n, height, size[0], width, size[1], channels])
            .reshaped(to: [n, height * size[0], width * size[1], channels])
    }
}
