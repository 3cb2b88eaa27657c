internal import PeriluneItems
internal import PeriluneNN

/// Activations that are layers.
enum ActivationLayerBindings {
    static let functions: [Binding] = [
        .layer(
            "relu",
            options: [
                .optional("max_value", .number(.atLeast(0)), "where it stops to rise"),
                .optional("negative_slope", .number(.atLeast(0)), default: 0, "the slope below the threshold"),
                .optional("threshold", .number(.atLeast(0)), default: 0, "where it begins"),
            ], help: "max(x, 0)."
        ) {
            ReLU(
                maxValue: try $0.optionalFloat("max_value"), negativeSlope: try $0.float("negative_slope"),
                threshold: try $0.float("threshold"), name: $1)
        },
        .layer(
            "leaky_relu",
            options: [.optional("negative_slope", .number(.atLeast(0)), default: 0.3, "the slope below 0")],
            help: "x above 0, a little of it below."
        ) { LeakyReLU(negativeSlope: try $0.float("negative_slope"), name: $1) },
        .layer(
            "prelu",
            options: Parameter.weight("alpha", initializer: "zeros") + [
                .optional(
                    "shared_axes", .list(.integer(atLeast: 1)),
                    "axes of a sample, from 1, along which one slope serves all elements")
            ], help: "x above 0, a learned share of it below."
        ) {
            PReLU(
                alpha: try $0.weightOptions("alpha", default: .zeros), sharedAxes: try $0.integers("shared_axes"),
                name: $1)
        },
        .layer(
            "elu", options: [.optional("alpha", .number(.atLeast(0)), default: 1, "the scale below 0")],
            help: "x above 0, alpha * (exp(x) - 1) below."
        ) { ELU(alpha: try $0.float("alpha"), name: $1) },
        .layer(
            "softmax", options: [.optional("axis", .integer, default: -1, "the axis, \(Axes.help), the batch first")],
            help: "Exponentials along an axis, scaled to a sum of 1."
        ) { Softmax(axis: try $0.layerAxis("axis"), name: $1) },
    ]
}
