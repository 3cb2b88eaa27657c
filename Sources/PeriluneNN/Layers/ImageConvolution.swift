import PeriluneGraph

/// A convolution over images [n, height, width, channels] that is none of `Convolution`'s: transposed, depthwise and
/// separable ones.
protocol ImageConvolution: SingleInputLayer {
    var kernelSize: Extents { get }
    var strides: Extents { get }
    var padding: PaddingMode { get }
    var dilationRate: Extents { get }
    var activation: Activation { get }
    var usesBias: Bool { get }
    var bias: WeightOptions { get }

    /// - Throws: `ModelError.invalidArgument` where an option of the layer's own is out of range.
    func validateChannels() throws
}

extension ImageConvolution {
    public var inputRanks: ClosedRange<Int> { 4...4 }

    public func validate() throws {
        try validateChannels()
        guard padding != .causal else {
            throw ModelError(.invalidArgument, "padding 'causal' is for conv1d; use 'valid' or 'same'")
        }
        _ = try windows()
        try activation.validate()
    }

    func windows() throws -> WindowShapes {
        try WindowShapes(
            window: kernelSize.expanded(to: 2, "kernel_size"), strides: strides.expanded(to: 2, "strides"),
            dilations: dilationRate.expanded(to: 2, "dilation_rate"))
    }

    /// These kernels, and a bias for each of the output's channels where there is one.
    func withBias(_ kernels: [WeightDeclaration], channels: Int) -> [WeightDeclaration] {
        usesBias ? kernels + [WeightDeclaration("bias", [channels], bias)] : kernels
    }

    /// With the bias, where there is one, and the activation.
    func finished(_ y: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor {
        try context.activate(usesBias ? y + context["bias"] : y, activation)
    }
}
