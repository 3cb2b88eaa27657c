public import PeriluneGraph
public import PeriluneItems

/// A depthwise convolution, then a 1 x 1 convolution that mixes the channels (keras.layers.SeparableConv2D).
///
/// Input [n, height, width, in], output [n, height', width', filters]; weights `depthwise_kernel`
/// [kh, kw, in, depthMultiplier], `pointwise_kernel` [1, 1, in · depthMultiplier, filters] and `bias` [filters].
public final class SeparableConv2D: ImageConvolution {
    public static let kind = "separable_conv2d"

    public static let declaration = LayerDeclaration(
        layer: kind, SeparableConv2D(1, 1),
        positional: [.filters(\.filters), .kernelSize],
        options: ItemOption.convolution(
            windows: [.depthMultiplier(\.depthMultiplier), .dilationRate],
            kernels: [.weight("depthwise", \.depthwise), .weight("pointwise", \.pointwise)]),
        help: "A convolution of each channel on its own, then one over channels alone."
    ) {
        try SeparableConv2D(
            $0[\.filters], $0.kernelSize, strides: $0.strides, padding: $0.padding,
            depthMultiplier: $0[\.depthMultiplier], dilationRate: $0.dilationRate, activation: $0.activation,
            usesBias: $0.usesBias, depthwise: $0[\.depthwise], pointwise: $0[\.pointwise], bias: $0.bias)
    }

    public let core: LayerCore
    public let filters: Int
    public let kernelSize: Extents
    public let strides: Extents
    public let padding: PaddingMode
    public let depthMultiplier: Int
    public let dilationRate: Extents
    public let activation: Activation
    public let usesBias: Bool
    public let depthwise: WeightOptions
    public let pointwise: WeightOptions
    public let bias: WeightOptions

    public init(
        _ filters: Int, _ kernelSize: Extents, strides: Extents = 1, padding: PaddingMode = .valid,
        depthMultiplier: Int = 1, dilationRate: Extents = 1, activation: Activation = .linear, usesBias: Bool = true,
        depthwise: WeightOptions = .kernel, pointwise: WeightOptions = .kernel, bias: WeightOptions = .zeros,
        name: String? = nil
    ) {
        core = LayerCore(name: name)
        self.filters = filters
        self.kernelSize = kernelSize
        self.strides = strides
        self.padding = padding
        self.depthMultiplier = depthMultiplier
        self.dilationRate = dilationRate
        self.activation = activation
        self.usesBias = usesBias
        self.depthwise = depthwise
        self.pointwise = pointwise
        self.bias = bias
    }

    func validateChannels() throws {
        try Argument.positive("filters", filters)
        try Argument.positive("depth_multiplier", depthMultiplier)
    }

    public func declareWeights(for input: TensorSpec) throws -> [WeightDeclaration] {
        let channels = input.shape[-1]
        let kernels = try [
            WeightDeclaration("depthwise_kernel", Shape(windows().window + [channels, depthMultiplier]), depthwise),
            WeightDeclaration("pointwise_kernel", [1, 1, channels * depthMultiplier, filters], pointwise),
        ]
        return withBias(kernels, channels: filters)
    }

    public func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor {
        let windows = try windows()
        let depthwise = try x.depthwiseConvolution(
            context["depthwise_kernel"], windows, windows.padding(padding, input: x.shape))
        // A 1 x 1 convolution is a matrix product of the channels.
        let pointwise = try context["pointwise_kernel"].reshaped(to: [depthwise.shape[-1], filters])
        let y = try depthwise.matmul(pointwise)
        return try finished(y, in: context)
    }
}
