internal import PeriluneItems
internal import PeriluneNN

/// Layers that normalize.
enum NormalizationBindings {
    static let functions: [Binding] = [
        .layer(
            "batch_normalization",
            options: [
                axis("the axis of channels"),
                .optional("momentum", .number(.within(0...1)), default: 0.99, "how much of a moving average is kept"),
                epsilon(1e-3),
            ] + scaleAndCentre
                + [
                    .optional(
                        "moving_mean_initializer", .item(InitializerCatalogue.self),
                        default: .shown("\"zeros\""),
                        "how the moving mean begins"),
                    .optional(
                        "moving_variance_initializer", .item(InitializerCatalogue.self),
                        default: .shown("\"ones\""),
                        "how the moving variance begins"),
                ],
            help: "Normalizes each channel by the batch's mean and variance, at inference by their moving averages."
        ) {
            BatchNormalization(
                axis: try $0.layerAxis("axis"), momentum: try $0.float("momentum"), epsilon: try $0.float("epsilon"),
                centers: try $0.boolean("center"), scales: try $0.boolean("scale"),
                gamma: try $0.weightOptions("gamma", default: .ones),
                beta: try $0.weightOptions("beta", default: .zeros),
                movingMean: try $0.item("moving_mean_initializer", of: InitializerCatalogue.self) ?? Zeros(),
                movingVariance: try $0.item("moving_variance_initializer", of: InitializerCatalogue.self)
                    ?? Ones(),
                name: $1)
        },
        .layer(
            "layer_normalization",
            options: [
                .optional("axis", .axes, default: -1, "the axes of mean and variance, \(Axes.help), the batch first"),
                epsilon(1e-3),
            ] + scaleAndCentre, help: "Normalizes each sample over its last axes."
        ) {
            LayerNormalization(
                axes: try $0.layerAxes("axis", default: [-1]), epsilon: try $0.float("epsilon"),
                centers: try $0.boolean("center"), scales: try $0.boolean("scale"),
                gamma: try $0.weightOptions("gamma", default: .ones),
                beta: try $0.weightOptions("beta", default: .zeros),
                name: $1)
        },
        .layer("rms_normalization", options: [epsilon(1e-6)], help: "Divides each sample by its root mean square.") {
            RMSNormalization(epsilon: try $0.float("epsilon"), name: $1)
        },
        .layer(
            "group_normalization",
            options: [
                .optional("groups", .integer(atLeast: 1), default: 32, "groups of channels"), epsilon(1e-3),
            ] + scaleAndCentre, help: "Normalizes groups of channels of each sample."
        ) {
            GroupNormalization(
                groups: try $0.integer("groups"), epsilon: try $0.float("epsilon"), centers: try $0.boolean("center"),
                scales: try $0.boolean("scale"), gamma: try $0.weightOptions("gamma", default: .ones),
                beta: try $0.weightOptions("beta", default: .zeros), name: $1)
        },
        .layer(
            "unit_normalization", options: [axis("the axis along which the norm becomes 1")],
            help: "Makes each vector's norm 1."
        ) { UnitNormalization(axis: try $0.layerAxis("axis"), name: $1) },
    ]

    private static func axis(_ help: String) -> Parameter {
        .optional("axis", .integer, default: -1, "\(help), \(Axes.help), the batch first")
    }

    private static func epsilon(_ value: Double) -> Parameter {
        .optional("epsilon", .number(.above(0)), default: .number(value), "keeps the division from 0")
    }

    private static let scaleAndCentre: [Parameter] =
        [
            .optional("center", .boolean, default: true, "whether there is a beta"),
            .optional("scale", .boolean, default: true, "whether there is a gamma"),
        ] + Parameter.weight("beta", initializer: "zeros") + Parameter.weight("gamma", initializer: "ones")
}
