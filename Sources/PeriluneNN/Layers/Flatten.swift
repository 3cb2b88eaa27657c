public import PeriluneGraph
public import PeriluneItems

/// All axes but the batch in one (keras.layers.Flatten).
///
/// Input [n, …], output [n, product of the others]; an input [n] gives [n, 1].
public final class Flatten: SingleInputLayer {
    public static let kind = "flatten"

    public static let declaration = LayerDeclaration(
        layer: kind, Flatten(),
        help: "All axes of a sample as one."
    ) { _ in Flatten() }

    public let core: LayerCore

    public init(name: String? = nil) { core = LayerCore(name: name) }

    public var inputDType: DType? { nil }

    public func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor {
        try x.reshaped(to: [x.shape[0], x.shape.dropFirst().elementCount])
    }
}
