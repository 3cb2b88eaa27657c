public import PeriluneGraph
public import PeriluneItems

/// `x · scale + offset` (keras.layers.Rescaling). `Rescaling(1.0 / 255)` brings bytes to 0...1.
///
/// Input and output [n, …]; an int32 input becomes float32.
public final class Rescaling: SingleInputLayer {
    public static let kind = "rescaling"

    public static let declaration = LayerDeclaration(
        layer: kind, Rescaling(1),
        positional: [.required("scale", \.scale, .number(), "the factor")],
        options: [.optional("offset", \.offset, .number(), "what is added afterwards")],
        help: "x * scale + offset."
    ) { try Rescaling($0[\.scale], offset: $0[\.offset]) }

    public let core: LayerCore
    public let scale: Float
    public let offset: Float

    public init(_ scale: Float, offset: Float = 0, name: String? = nil) {
        core = LayerCore(name: name)
        self.scale = scale
        self.offset = offset
    }

    public var inputDType: DType? { nil }

    public func validate() throws {
        guard scale.isFinite, offset.isFinite else {
            throw ModelError(.invalidArgument, "scale and offset must be finite, got \(scale) and \(offset)")
        }
    }

    public func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor {
        let scaled = try x.cast(to: .float32) * scale
        return try offset == 0 ? scaled : scaled + offset
    }
}
