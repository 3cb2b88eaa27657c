public import PeriluneGraph
import PeriluneItems

/// A convolution over one, two or three spatial axes, channels last: what `Conv1D`, `Conv2D` and `Conv3D` share.
///
/// Input [n, …spatial, in], output [n, …spatial', filters]; weights `kernel` [...window, in / groups, filters] and
/// `bias` [filters].
public class Convolution: SingleInputLayer {
    public class var kind: String { "convolution" }
    /// The number of spatial axes.
    class var axes: Int { 2 }

    public let core: LayerCore
    public let filters: Int
    public let kernelSize: Extents
    public let strides: Extents
    public let padding: PaddingMode
    public let dilationRate: Extents
    public let groups: Int
    public let activation: Activation
    public let usesBias: Bool
    public let kernel: WeightOptions
    public let bias: WeightOptions

    /// - Parameters:
    ///   - filters: the channels of the output, a multiple of `groups`.
    ///   - kernelSize: the window's extents.
    ///   - dilationRate: steps between the window's elements; with more than 1, strides must be 1.
    ///   - groups: the number of groups that the channels are split into, each convolved on its own.
    public required init(
        _ filters: Int, _ kernelSize: Extents, strides: Extents = 1, padding: PaddingMode = .valid,
        dilationRate: Extents = 1, groups: Int = 1, activation: Activation = .linear, usesBias: Bool = true,
        kernel: WeightOptions = .kernel, bias: WeightOptions = .zeros, name: String? = nil
    ) {
        core = LayerCore(name: name)
        self.filters = filters
        self.kernelSize = kernelSize
        self.strides = strides
        self.padding = padding
        self.dilationRate = dilationRate
        self.groups = groups
        self.activation = activation
        self.usesBias = usesBias
        self.kernel = kernel
        self.bias = bias
    }

    public final var inputRanks: ClosedRange<Int> { (Self.axes + 2)...(Self.axes + 2) }

    public final func validate() throws {
        try Argument.positive("filters", filters)
        try Argument.positive("groups", groups)
        guard filters % groups == 0 else {
            throw ModelError(.invalidArgument, "filters must be a multiple of groups, got \(filters) and \(groups)")
        }
        guard padding != .causal || Self.axes == 1 else {
            throw ModelError(.invalidArgument, "padding 'causal' is for conv1d; use 'valid' or 'same'")
        }
        let windows = try windows()
        guard windows.strides.allSatisfy({ $0 == 1 }) || windows.dilations.allSatisfy({ $0 == 1 }) else {
            throw ModelError(
                .invalidArgument,
                "strides and dilation_rate must not both be above 1, got \(windows.strides) and \(windows.dilations)")
        }
        try activation.validate()
    }

    private func windows() throws -> WindowShapes {
        try WindowShapes(
            window: kernelSize.expanded(to: Self.axes, "kernel_size"),
            strides: strides.expanded(to: Self.axes, "strides"),
            dilations: dilationRate.expanded(to: Self.axes, "dilation_rate"))
    }

    public final func declareWeights(for input: TensorSpec) throws -> [WeightDeclaration] {
        let channels = input.shape[-1]
        guard channels % groups == 0 else {
            throw ModelError(
                .shapeMismatch,
                "the input's channels must be a multiple of groups (\(groups)), "
                    + "got shape \(input.shape)")
        }
        let shape = try Shape(windows().window + [channels / groups, filters])
        let kernel = WeightDeclaration("kernel", shape, kernel)
        return usesBias ? [kernel, WeightDeclaration("bias", [filters], bias)] : [kernel]
    }

    public final func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor {
        let windows = try windows()
        let attributes = try ConvolutionAttributes(
            strides: windows.strides, dilations: windows.dilations,
            padding: windows.padding(padding, input: x.shape), groups: groups)
        var y = try x.convolution(context["kernel"], attributes)
        if usesBias { y = try y + context["bias"] }
        return try context.activate(y, activation)
    }
}

extension ItemDeclaration where Product == any Layer {
    /// The declaration of a convolution over so many spatial axes as `type` has.
    static func convolution<Item: Convolution>(_ type: Item.Type, help: String) -> Self {
        LayerDeclaration(
            layer: Item.kind, Item(1, 1), positional: [.filters(\.filters), .kernelSize(\.kernelSize)],
            options: [
                .strides(\.strides), .padding(\.padding), .dilationRate(\.dilationRate),
                .optional(
                    "groups", \.groups, .integer(atLeast: 1), "groups of channels that are convolved on their own"),
                .activation(\.activation), .useBias(\.usesBias), .weight("kernel", \.kernel), .weight("bias", \.bias),
            ],
            help: help
        ) {
            try Item(
                $0[\.filters], $0[\.kernelSize], strides: $0[\.strides], padding: $0[\.padding],
                dilationRate: $0[\.dilationRate], groups: $0[\.groups], activation: $0[\.activation],
                usesBias: $0[\.usesBias], kernel: $0[\.kernel], bias: $0[\.bias])
        }
    }
}
