public import PeriluneGraph
public import PeriluneItems

/// The transpose of a convolution, which enlarges images by its strides (keras.layers.Conv2DTranspose).
///
/// Input [n, height, width, in], output [n, height', width', filters] with an extent of `input · stride` (padding same)
/// or `input · stride + max(window - stride, 0)` (valid); weights `kernel` [kh, kw, filters, in] and `bias` [filters].
public final class Conv2DTranspose: SingleInputLayer {
    public static let kind = "conv2d_transpose"

    public static let declaration = LayerDeclaration(
        layer: kind, Conv2DTranspose(1, 1),
        positional: [
            .filters(\.filters),
            .kernelSize(\.kernelSize),
        ],
        options: [
            .strides(\.strides),
            .padding(\.padding),
            .activation(\.activation),
            .useBias(\.usesBias),
            .weight("kernel", \.kernel),
            .weight("bias", \.bias),
        ],
        help: "A convolution backwards: it makes images larger."
    ) {
        try Conv2DTranspose(
            $0[\.filters], $0[\.kernelSize], strides: $0[\.strides], padding: $0[\.padding],
            activation: $0[\.activation], usesBias: $0[\.usesBias], kernel: $0[\.kernel], bias: $0[\.bias])
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

    public var inputRanks: ClosedRange<Int> { 4...4 }

    public func validate() throws {
        try Argument.positive("filters", filters)
        guard padding != .causal else {
            throw ModelError(.invalidArgument, "padding 'causal' is for conv1d; use 'valid' or 'same'")
        }
        _ = try windows()
        try activation.validate()
    }

    private func windows() throws -> WindowShapes {
        try WindowShapes(
            window: kernelSize.expanded(to: 2, "kernel_size"), strides: strides.expanded(to: 2, "strides"),
            dilations: [1, 1])
    }

    public func declareWeights(for input: TensorSpec) throws -> [WeightDeclaration] {
        let shape = try Shape(windows().window + [filters, input.shape[-1]])
        let kernel = WeightDeclaration("kernel", shape, kernel)
        return usesBias ? [kernel, WeightDeclaration("bias", [filters], bias)] : [kernel]
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
        var y = try x.transposedConvolution(context["kernel"], attributes, output: output)
        if usesBias { y = try y + context["bias"] }
        return try context.activate(y, activation)
    }
}
