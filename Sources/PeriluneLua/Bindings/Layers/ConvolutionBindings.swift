internal import PeriluneItems
internal import PeriluneNN

/// Convolutions, channels last.
enum ConvolutionBindings {
    static let functions: [Binding] = [
        convolution("conv1d", "A convolution over steps: [n, steps, in] to [n, steps', filters].", Conv1D.init),
        convolution(
            "conv2d", "A convolution over images: [n, height, width, in] to [n, height', width', filters].", Conv2D.init
        ),
        convolution("conv3d", "A convolution over volumes: [n, depth, height, width, in].", Conv3D.init),
        .layer(
            "conv2d_transpose", [filters, kernelSize],
            options: [strides, padding, .activation] + Parameter.kernelAndBias,
            help: "A convolution backwards: it makes images larger."
        ) {
            Conv2DTranspose(
                try $0.integer("filters"), try $0.extents("kernel_size"), strides: try $0.extents("strides"),
                padding: try $0.padding(), activation: try $0.activation(), usesBias: try $0.boolean("use_bias"),
                kernel: try $0.weightOptions("kernel", default: .kernel),
                bias: try $0.weightOptions("bias", default: .zeros), name: $1)
        },
        .layer(
            "depthwise_conv2d", [kernelSize],
            options: [strides, padding, multiplier, dilation, .activation, .useBias]
                + Parameter.weight("depthwise", initializer: "glorot_uniform")
                + Parameter.weight("bias", initializer: "zeros"),
            help: "A convolution of each channel on its own."
        ) {
            DepthwiseConv2D(
                try $0.extents("kernel_size"), strides: try $0.extents("strides"), padding: try $0.padding(),
                depthMultiplier: try $0.integer("depth_multiplier"), dilationRate: try $0.extents("dilation_rate"),
                activation: try $0.activation(), usesBias: try $0.boolean("use_bias"),
                kernel: try $0.weightOptions("depthwise", default: .kernel),
                bias: try $0.weightOptions("bias", default: .zeros), name: $1)
        },
        .layer(
            "separable_conv2d", [filters, kernelSize],
            options: [strides, padding, multiplier, dilation, .activation, .useBias]
                + Parameter.weight("depthwise", initializer: "glorot_uniform")
                + Parameter.weight("pointwise", initializer: "glorot_uniform")
                + Parameter.weight("bias", initializer: "zeros"),
            help: "A convolution of each channel on its own, then one over channels alone."
        ) {
            SeparableConv2D(
                try $0.integer("filters"), try $0.extents("kernel_size"), strides: try $0.extents("strides"),
                padding: try $0.padding(), depthMultiplier: try $0.integer("depth_multiplier"),
                dilationRate: try $0.extents("dilation_rate"), activation: try $0.activation(),
                usesBias: try $0.boolean("use_bias"), depthwise: try $0.weightOptions("depthwise", default: .kernel),
                pointwise: try $0.weightOptions("pointwise", default: .kernel),
                bias: try $0.weightOptions("bias", default: .zeros), name: $1)
        },
    ]

    private static let filters = Parameter.required("filters", .integer(atLeast: 1), "the output's channels")
    private static let kernelSize = Parameter.required(
        "kernel_size", .extents, "the window: one extent, or one an axis")
    private static let strides = Parameter.optional("strides", .extents, default: 1, "steps between windows")
    private static let padding = Parameter.optional(
        "padding", .enumeration(PaddingMode.allCases.map(\.rawValue)), default: "valid",
        "\"same\" puts zeros around the input; \"causal\", for conv1d, before it")
    private static let dilation = Parameter.optional(
        "dilation_rate", .extents, default: 1, "steps between the elements of a window")
    private static let multiplier = Parameter.optional(
        "depth_multiplier", .integer(atLeast: 1), default: 1, "outputs for each channel")

    /// The initializer that the three convolutions share.
    private typealias Maker =
        @Sendable (
            _ filters: Int, _ kernelSize: Extents, _ strides: Extents, _ padding: PaddingMode, _ dilationRate: Extents,
            _ groups: Int, _ activation: Activation, _ usesBias: Bool, _ kernel: WeightOptions, _ bias: WeightOptions,
            _ name: String?
        ) -> any Layer

    private static func convolution(_ name: String, _ help: String, _ make: @escaping Maker) -> Binding {
        let groups = Parameter.optional(
            "groups", .integer(atLeast: 1), default: 1, "groups of channels that are convolved on their own")
        return .layer(
            name, [filters, kernelSize],
            options: [strides, padding, dilation, groups, .activation] + Parameter.kernelAndBias, help: help
        ) {
            make(
                try $0.integer("filters"), try $0.extents("kernel_size"), try $0.extents("strides"),
                try $0.padding(), try $0.extents("dilation_rate"), try $0.integer("groups"), try $0.activation(),
                try $0.boolean("use_bias"), try $0.weightOptions("kernel", default: .kernel),
                try $0.weightOptions("bias", default: .zeros), $1)
        }
    }
}
