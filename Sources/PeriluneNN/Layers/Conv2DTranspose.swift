public import PeriluneGraph
public import PeriluneItems

/// The transpose of a convolution, which enlarges images by its strides (keras.layers.Conv2DTranspose).
///
/// Input [n, height, width, in], output [n, height', width', filters] with an extent of `input · stride` (padding same)
/// or `input · stride + max(window - stride, 0)` (valid); weights `kernel` [kh, kw, filters, in] and `bias` [filters].
public final class Conv2DTranspose: ImageConvolution {
    public static let kind = "conv2d_transpose"

    public static let declaration = LayerDeclaration(
        layer: kind, Conv2DTranspose(1, 1),
        positional: [.filters(\.filters), .kernelSize],
        options: ItemOption.convolution(kernels: [.weight("kernel", \.kernel)]),
        help: "A convolution backwards: it makes images larger."
    ) {
        try Conv2DTranspose(
            $0[\.filters], $0.kernelSize, strides: $0.strides, padding: $0.padding,
            activation: $0.activation, usesBias: $0.usesBias, kernel: $0[\.kernel], bias: $0.bias)
    }

    public let core: LayerCore
    public let filters: Int
    public let kernelSize: Extents
    public let strides: Extents
    public let padding: PaddingMode
    public let activation: Activation
    public let usesBias: Bool
    public let kernel: WeightOptions
    public let bias: WeightOptions

    public init(
        _ filters: Int, _ kernelSize: Extents, strides: Extents = 1, padding: PaddingMode = .valid,
        activation: Activation = .linear, usesBias: Bool = true, kernel: WeightOptions = .kernel,
        bias: WeightOptions = .zeros, name: String? = nil
    ) {
        core = LayerCore(name: name)
        self.filters = filters
        self.kernelSize = kernelSize
        self.strides = strides
        self.padding = padding
        self.activation = activation
        self.usesBias = usesBias
        self.kernel = kernel
        self.bias = bias
    }

    var dilationRate: Extents { 1 }

    func validateChannels() throws { try Argument.positive("filters", filters) }

    public func declareWeights(for input: TensorSpec) throws -> [WeightDeclaration] {
        let shape = try Shape(windows().window + [filters, input.shape[-1]])
        return withBias([WeightDeclaration("kernel", shape, kernel)], channels: filters)
    }

    public func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor {
        let windows = try windows()
        let spatial = [0, 1].map { axis in
            x.shape[axis + 1] * windows.strides[axis]
                + (padding == .same ? 0 : max(windows.window[axis] - windows.strides[axis], 0))
        }
        let output = Shape([x.shape[0]] + spatial + [filters])
        // The convolution whose input gradient this is leads from the output back to the input.
        let attributes = try ConvolutionAttributes(
            strides: windows.strides, dilations: [1, 1], padding: windows.padding(padding, input: output))
        let y = try x.transposedConvolution(context["kernel"], attributes, output: output)
        return try finished(y, in: context)
    }
}
