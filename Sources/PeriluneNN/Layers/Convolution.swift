public import PeriluneGraph
import PeriluneItems

/// A convolution over one, two or three spatial axes, channels last: what `Conv1D`, `Conv2D` and `Conv3D` share.
///
/// Input [n, …spatial, in], output [n, …spatial', filters]; weights `kernel` [...window, in / groups, filters] and
/// `bias` [filters].
public class Convolution: ConvolutionLayer {
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

    final var spatialAxes: Int { Self.axes }

    public final var inputRanks: ClosedRange<Int> { (Self.axes + 2)...(Self.axes + 2) }

    public final func validate() throws {
        try Argument.positive("filters", filters)
        try Argument.positive("groups", groups)
        guard filters % groups == 0 else {
            throw ModelError(.invalidArgument, "filters must be a multiple of groups, got \(filters) and \(groups)")
        }
        try validatePadding()
        let windows = try windows()
        guard windows.strides.allSatisfy({ $0 == 1 }) || windows.dilations.allSatisfy({ $0 == 1 }) else {
            throw ModelError(
                .invalidArgument,
                "strides and dilation_rate must not both be above 1, got \(windows.strides) and \(windows.dilations)")
        }
        try activation.validate()
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
        return withBias([WeightDeclaration("kernel", shape, kernel)], channels: filters)
    }

    public final func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor {
        let windows = try windows()
        let attributes = try ConvolutionAttributes(
            strides: windows.strides, dilations: windows.dilations,
            padding: windows.padding(padding, input: x.shape), groups: groups)
        return try finished(x.convolution(context["kernel"], attributes), in: context)
    }
}

extension ItemDeclaration where Product == any Layer {
    /// The declaration of a convolution over so many spatial axes as `type` has.
    static func convolution<Item: Convolution>(_ type: Item.Type, help: String) -> Self {
        LayerDeclaration(
            layer: Item.kind, Item(1, 1), positional: [.filters(\.filters), .kernelSize],
            options: ItemOption.convolution(
                windows: [
                    .dilationRate,
                    .optional(
                        "groups", \.groups, .integer(atLeast: 1), "groups of channels that are convolved on their own"),
                ], kernels: [.weight("kernel", \.kernel)]),
            help: help
        ) {
            try Item(
                $0[\.filters], $0.kernelSize, strides: $0.strides, padding: $0.padding, dilationRate: $0.dilationRate,
                groups: $0[\.groups], activation: $0.activation, usesBias: $0.usesBias, kernel: $0[\.kernel],
                bias: $0.bias)
        }
    }
}
