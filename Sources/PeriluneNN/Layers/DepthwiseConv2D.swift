public import PeriluneGraph
public import PeriluneItems

/// Convolves each channel on its own with `depthMultiplier` kernels (keras.layers.DepthwiseConv2D).
///
/// Input [n, height, width, in], output [n, height', width', in · depthMultiplier]; weights `kernel`
/// [kh, kw, in, depthMultiplier] and `bias` [in · depthMultiplier].
public final class DepthwiseConv2D: ImageConvolution {
    public static let kind = "depthwise_conv2d"

    public static let declaration = LayerDeclaration(
        layer: kind, DepthwiseConv2D(1),
        positional: [.kernelSize],
        options: ItemOption.convolution(
            windows: [.depthMultiplier(\.depthMultiplier), .dilationRate],
            kernels: [.weight("depthwise", \.kernel)]),
        help: "A convolution of each channel on its own."
    ) {
        try DepthwiseConv2D(
            $0.kernelSize, strides: $0.strides, padding: $0.padding, depthMultiplier: $0[\.depthMultiplier],
            dilationRate: $0.dilationRate, activation: $0.activation, usesBias: $0.usesBias,
            kernel: $0[\.kernel], bias: $0.bias)
    }

    public let core: LayerCore
    public let kernelSize: Extents
    public let strides: Extents
    public let padding: PaddingMode
    public let depthMultiplier: Int
    public let dilationRate: Extents
    public let activation: Activation
    public let usesBias: Bool
    public let kernel: WeightOptions
    public let bias: WeightOptions

    public init(
        _ kernelSize: Extents, strides: Extents = 1, padding: PaddingMode = .valid, depthMultiplier: Int = 1,
        dilationRate: Extents = 1, activation: Activation = .linear, usesBias: Bool = true,
        kernel: WeightOptions = .kernel, bias: WeightOptions = .zeros, name: String? = nil
    ) {
        core = LayerCore(name: name)
        self.kernelSize = kernelSize
        self.strides = strides
        self.padding = padding
        self.depthMultiplier = depthMultiplier
        self.dilationRate = dilationRate
        self.activation = activation
        self.usesBias = usesBias
        self.kernel = kernel
        self.bias = bias
    }

    func validateChannels() throws { try Argument.positive("depth_multiplier", depthMultiplier) }

    public func declareWeights(for input: TensorSpec) throws -> [WeightDeclaration] {
        let channels = input.shape[-1]
        let shape = try Shape(windows().window + [channels, depthMultiplier])
        return withBias([WeightDeclaration("kernel", shape, kernel)], channels: channels * depthMultiplier)
    }

    public func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor {
        let windows = try windows()
        let y = try x.depthwiseConvolution(context["kernel"], windows, windows.padding(padding, input: x.shape))
        return try finished(y, in: context)
    }
}

extension SymbolicTensor {
    /// Convolution of each channel with the kernels [kh, kw, in, multiplier] that belong to it: one group a channel.
    func depthwiseConvolution(
        _ kernel: SymbolicTensor, _ windows: WindowShapes, _ padding: [Padding]
    ) throws -> SymbolicTensor {
        let channels = shape[-1]
        let attributes = ConvolutionAttributes(
            strides: windows.strides, dilations: windows.dilations, padding: padding, groups: channels)
        let grouped = Shape(windows.window + [1, channels * kernel.shape[-1]])
        return try convolution(kernel.reshaped(to: grouped), attributes)
    }
}
