public import PeriluneItems

/// `x` where positive, `alpha · (exp(x) - 1)` elsewhere (Clevert et al. 2015, keras.layers.ELU).
///
/// Input and output [n, …].
public final class ELU: FunctionLayer {
    public static let kind = "elu"

    public static let declaration = LayerDeclaration(
        layer: kind, ELU(), options: [.all(ELUActivation.options, of: \.function)],
        help: "x above 0, alpha * (exp(x) - 1) below."
    ) { try ELU($0[\.function]) }

    public let core: LayerCore
    let function: ELUActivation

    public var alpha: Float { function.alpha }

    public convenience init(alpha: Float = 1, name: String? = nil) {
        self.init(ELUActivation(alpha: alpha), name: name)
    }

    private init(_ function: ELUActivation, name: String? = nil) {
        core = LayerCore(name: name)
        self.function = function
    }
}
