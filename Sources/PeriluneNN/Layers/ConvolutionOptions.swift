import PeriluneItems

// Options that convolutions share.
extension ItemOption {
    static func filters(_ path: any KeyPath<Item, Int> & Sendable) -> Self {
        .required("filters", path, .integer(atLeast: 1), "the output's channels")
    }

    static func kernelSize(_ path: any KeyPath<Item, Extents> & Sendable) -> Self {
        .required("kernel_size", path, .extents, "the window: one extent, or one an axis")
    }

    static func strides(_ path: any KeyPath<Item, Extents> & Sendable) -> Self {
        .optional("strides", path, .extents, "steps between windows")
    }

    static func padding(_ path: any KeyPath<Item, PaddingMode> & Sendable) -> Self {
        .optional(
            "padding", path, .choice(), "\"same\" puts zeros around the input; \"causal\", for conv1d, before it")
    }

    static func dilationRate(_ path: any KeyPath<Item, Extents> & Sendable) -> Self {
        .optional("dilation_rate", path, .extents, "steps between the elements of a window")
    }

    static func depthMultiplier(_ path: any KeyPath<Item, Int> & Sendable) -> Self {
        .optional("depth_multiplier", path, .integer(atLeast: 1), "outputs for each channel")
    }
}
