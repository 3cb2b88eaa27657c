public import PeriluneGraph
public import PeriluneItems

/// Convolves each channel on its own with `depthMultiplier` kernels (keras.layers.DepthwiseConv2D).
///
/// Input [n, height, width, in], output [n, height', width', in · depthMultiplier]; weights `kernel`
/// [kh, kw, in, depthMultiplier] and `bias` [in · depthMultiplier].
public final class DepthwiseConv2D: SingleInputLayer {
    public static let kind = "depthwise_conv2d"

    public static let declaration = LayerDeclaration(
        layer: kind, DepthwiseConv2D(1),
        positional: [.kernelSize(\.kernelSize)],
        options: [
            .strides(\.strides),
            .padding(\.padding),
            .depthMultiplier(\.depthMultiplier),
            .dilationRate(\.dilationRate),
            .activation(\.activation),
            .useBias(\.usesBias),
            .weight("depthwise", \.kernel),
            .weight("bias", \.bias),
        ],
        help: "A convolution of each channel on its own."
    ) {
        try DepthwiseConv2D(
            $0[\.kernelSize], strides: $0[\.strides], padding: $0[\.padding], depthMultiplier: $0[\.depthMultiplier],
            dilationRate: $0[\.dilationRate], activation: $0[\.activation], usesBias: $0[\.usesBias],
            kernel: $0[\.kernel], bias: $0[\.bias])
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

    public var inputRanks: ClosedRange<Int> { 4...4 }

    public func validate() throws {
        try Argument.positive("depth_multiplier", depthMultiplier)
        guard padding != .causal else {
            throw ModelError(.invalidArgument, "padding 'causal' is for conv1d; use 'valid' or 'same'")
        }
        _ = try windows()
        try activation.validate()
    }

    private func windows() throws -> WindowShapes {
        try WindowShapes(
            window: kernelSize.expanded(to: 2, "kernel_size"), strides: strides.expanded(to: 2, "strides"),
            dilations: dilationRate.expanded(to: 2, "dilation_rate"))
    }

    public func declareWeights(for input: TensorSpec) throws -> [WeightDeclaration] {
        let channels = input.shape[-1]
        let shape = try Shape(windows().window + [channels, depthMultiplier])
        let kernel = WeightDeclaration("kernel", shape, kernel)
        return usesBias ? [kernel, WeightDeclaration("bias", [channels * depthMultiplier], bias)] : [kernel]
    }

    public func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor {
        let windows = try windows()
        var y = try x.depthwiseConvolution(context["kernel"], windows, windows.padding(padding, input: x.shape))
        if usesBias { y = try y + context["bias"] }
        return try context.activate(y, activation)
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
