public import PeriluneGraph
public import PeriluneItems

/// A fully connected layer: `activation(x · kernel + bias)` (keras.layers.Dense).
///
/// Input [n, …, in], output [n, …, units]; weights `kernel` [in, units] and `bias` [units].
public final class Dense: SingleInputLayer {
    public static let kind = "dense"

    public static let declaration = LayerDeclaration(
        layer: kind, Dense(1),
        positional: [
            .required("units", \.units, .integer(atLeast: 1), "the extent of the output's last axis")
        ],
        options: [
            .activation(\.activation),
            .useBias(\.usesBias),
            .weight("kernel", \.kernel),
            .weight("bias", \.bias),
        ],
        help: "A fully connected layer: activation(x * kernel + bias).\nWeights kernel [in, units], bias [units]."
    ) {
        try Dense(
            $0[\.units], activation: $0[\.activation], usesBias: $0[\.usesBias], kernel: $0[\.kernel], bias: $0[\.bias])
    }

    public let core: LayerCore
    public let units: Int
    public let activation: Activation
    public let usesBias: Bool
    public let kernel: WeightOptions
    public let bias: WeightOptions

    /// - Parameter units: the extent of the output's last axis, 1 or more.
    public init(
        _ units: Int, activation: Activation = .linear, usesBias: Bool = true, kernel: WeightOptions = .kernel,
        bias: WeightOptions = .zeros, name: String? = nil
    ) {
        core = LayerCore(name: name)
        self.units = units
        self.activation = activation
        self.usesBias = usesBias
        self.kernel = kernel
        self.bias = bias
    }

    public var inputRanks: ClosedRange<Int> { 2...Int.max }

    public func validate() throws {
        try Argument.positive("units", units)
        try activation.validate()
    }

    public func declareWeights(for input: TensorSpec) -> [WeightDeclaration] {
        let kernel = WeightDeclaration("kernel", [input.shape[-1], units], kernel)
        return usesBias ? [kernel, WeightDeclaration("bias", [units], bias)] : [kernel]
    }

    public func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor {
        var y = try x.matmul(context["kernel"])
        if usesBias { y = try y + context["bias"] }
        return try context.activate(y, activation)
    }
}
