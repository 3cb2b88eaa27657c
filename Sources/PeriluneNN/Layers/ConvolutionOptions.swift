import PeriluneItems

// The options that convolutions share. Their paths lead through the protocol, so that they are read as below, not by
// the property of a layer's own type.
extension ItemOption where Item: ConvolutionLayer {
    static var kernelSize: Self {
        .required("kernel_size", \.kernelSize, .extents, "the window: one extent, or one an axis")
    }

    static var dilationRate: Self {
        .optional("dilation_rate", \.dilationRate, .extents, "steps between the elements of a window")
    }

    /// The options of a convolution that come by name.
    /// - Parameters:
    ///   - windows: what else is said of the windows and of the channels.
    ///   - kernels: those of the weights beside the bias.
    static func convolution(windows: [Self] = [], kernels: [Self]) -> [Self] {
        let first: [Self] = [
            .optional("strides", \.strides, .extents, "steps between windows"),
            .optional(
                "padding", \.padding, .choice(),
                "\"same\" puts zeros around the input; \"causal\", for conv1d, before it"),
        ]
        let output: [Self] = [.activation(\.activation), .useBias(\.usesBias)]
        return first + windows + output + kernels + [.weight("bias", \.bias)]
    }
}

extension ItemOptions where Item: ConvolutionLayer {
    var kernelSize: Extents { get throws { try self[\.kernelSize] } }
    var strides: Extents { get throws { try self[\.strides] } }
    var padding: PaddingMode { get throws { try self[\.padding] } }
    var dilationRate: Extents { get throws { try self[\.dilationRate] } }
    var activation: Activation { get throws { try self[\.activation] } }
    var usesBias: Bool { get throws { try self[\.usesBias] } }
    var bias: WeightOptions { get throws { try self[\.bias] } }
}

// Options that some of them have.
extension ItemOption {
    static func filters(_ path: any KeyPath<Item, Int> & Sendable) -> Self {
        .required("filters", path, .integer(atLeast: 1), "the output's channels")
    }

    static func depthMultiplier(_ path: any KeyPath<Item, Int> & Sendable) -> Self {
        .optional("depth_multiplier", path, .integer(atLeast: 1), "outputs for each channel")
    }
}
