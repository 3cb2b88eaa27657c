import PeriluneGraph

/// What all convolutions have: windows over the spatial axes, a bias and an activation. Channels last.
protocol ConvolutionLayer: SingleInputLayer {
    var kernelSize: Extents { get }
    var strides: Extents { get }
    var padding: PaddingMode { get }
    var dilationRate: Extents { get }
    var activation: Activation { get }
    var usesBias: Bool { get }
    var bias: WeightOptions { get }

    /// The number of axes between the batch and the channels.
    var spatialAxes: Int { get }
}

extension ConvolutionLayer {
    /// - Throws: `ModelError.invalidArgument` where an extent is out of range, or their number is not that of the axes.
    func windows() throws -> WindowShapes {
        try WindowShapes(
            window: kernelSize.expanded(to: spatialAxes, "kernel_size"),
            strides: strides.expanded(to: spatialAxes, "strides"),
            dilations: dilationRate.expanded(to: spatialAxes, "dilation_rate"))
    }

    /// - Throws: `ModelError.invalidArgument` where the padding is not for so many axes.
    func validatePadding() throws {
        guard padding != .causal || spatialAxes == 1 else {
            throw ModelError(.invalidArgument, "padding 'causal' is for conv1d; use 'valid' or 'same'")
        }
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
