public import PeriluneGraph
public import PeriluneItems

/// `x` where positive, `alpha · (exp(x) - 1)` elsewhere (Clevert et al. 2015, keras.layers.ELU).
///
/// Input and output [n, …].
public final class ELU: SingleInputLayer {
    public static let kind = "elu"

    public static let declaration = LayerDeclaration(
        layer: kind, ELU(),
        options: [.optional("alpha", \.alpha, .number(.atLeast(0)), "the scale below 0")],
        help: "x above 0, alpha * (exp(x) - 1) below."
    ) { try ELU(alpha: $0[\.alpha]) }

    public let core: LayerCore
    public let alpha: Float

    private var activation: Activation { .elu(alpha: alpha) }

    public init(alpha: Float = 1, name: String? = nil) {
        core = LayerCore(name: name)
        self.alpha = alpha
    }

    public func validate() throws { try activation.validate() }

    public func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor {
        try context.activate(x, activation)
    }
}
