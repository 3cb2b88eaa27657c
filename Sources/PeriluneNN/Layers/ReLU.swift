public import PeriluneItems

/// `max(x, 0)`, with Keras's options (keras.layers.ReLU).
///
/// Input and output [n, …].
public final class ReLU: FunctionLayer {
    public static let kind = "relu"

    public static let declaration = LayerDeclaration(
        layer: kind, ReLU(), options: [.all(ReLUActivation.options, of: \.function)], help: "max(x, 0)."
    ) { try ReLU($0[\.function]) }

    public let core: LayerCore
    let function: ReLUActivation

    public var maxValue: Float? { function.maxValue }
    public var negativeSlope: Float { function.negativeSlope }
    public var threshold: Float { function.threshold }

    public convenience init(maxValue: Float? = nil, negativeSlope: Float = 0, threshold: Float = 0, name: String? = nil)
    {
        self.init(ReLUActivation(maxValue: maxValue, negativeSlope: negativeSlope, threshold: threshold), name: name)
    }

    private init(_ function: ReLUActivation, name: String? = nil) {
        core = LayerCore(name: name)
        self.function = function
    }
}
