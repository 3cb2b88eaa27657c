public import PeriluneItems

/// `x` where positive, `negativeSlope · x` elsewhere (keras.layers.LeakyReLU).
///
/// Input and output [n, …].
public final class LeakyReLU: FunctionLayer {
    public static let kind = "leaky_relu"

    public static let declaration = LayerDeclaration(
        layer: kind, LeakyReLU(), options: [.all(LeakyReLUActivation.options, of: \.function)],
        help: "x above 0, a little of it below."
    ) { try LeakyReLU($0[\.function]) }

    public let core: LayerCore
    let function: LeakyReLUActivation

    public var negativeSlope: Float { function.negativeSlope }

    public convenience init(negativeSlope: Float = 0.3, name: String? = nil) {
        self.init(LeakyReLUActivation(negativeSlope: negativeSlope), name: name)
    }

    private init(_ function: LeakyReLUActivation, name: String? = nil) {
        core = LayerCore(name: name)
        self.function = function
    }
}
