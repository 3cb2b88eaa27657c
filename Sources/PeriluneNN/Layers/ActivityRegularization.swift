public import PeriluneGraph
public import PeriluneItems

/// Adds `l1 · Σ|x| + l2 · Σx²` of its input to the loss (keras.layers.ActivityRegularization), divided by the batch
/// size.
///
/// Input and output [n, …].
public final class ActivityRegularization: SingleInputLayer {
    public static let kind = "activity_regularization"

    public static let declaration = LayerDeclaration(
        layer: kind, ActivityRegularization(),
        options: [
            .optional("l1", \.l1, .number(.atLeast(0)), "the factor of magnitudes"),
            .optional("l2", \.l2, .number(.atLeast(0)), "the factor of squares"),
        ],
        help: "Adds a penalty on its input to the loss."
    ) { try ActivityRegularization(l1: $0[\.l1], l2: $0[\.l2]) }

    public let core: LayerCore
    public let l1: Float
    public let l2: Float

    public init(l1: Float = 0, l2: Float = 0, name: String? = nil) {
        core = LayerCore(name: name)
        self.l1 = l1
        self.l2 = l2
    }

    public func validate() throws {
        try Argument.finiteNotNegative("l1", l1)
        try Argument.finiteNotNegative("l2", l2)
    }

    public func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor {
        context.addLoss(try L1L2(l1: l1, l2: l2).penalty(x) / Float(max(x.shape[0], 1)))
        return x
    }
}
