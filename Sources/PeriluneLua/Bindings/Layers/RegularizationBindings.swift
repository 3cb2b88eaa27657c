internal import PeriluneItems
internal import PeriluneNN

/// Layers that act in training alone, and penalties.
enum RegularizationBindings {
    static let functions: [Binding] = [
        dropout("dropout", "Drops elements in training and scales up the others.") { Dropout($0, name: $1) },
        dropout("spatial_dropout1d", "Drops whole channels of sequences.") { SpatialDropout1D($0, name: $1) },
        dropout("spatial_dropout2d", "Drops whole channels of images.") { SpatialDropout2D($0, name: $1) },
        dropout("spatial_dropout3d", "Drops whole channels of volumes.") { SpatialDropout3D($0, name: $1) },
        dropout("gaussian_dropout", "Multiplies with normal noise around 1 in training.") {
            GaussianDropout($0, name: $1)
        },
        .layer(
            "gaussian_noise", [.required("stddev", .number(.atLeast(0)), "the standard deviation")],
            help: "Adds normal noise in training."
        ) { GaussianNoise(try $0.float("stddev"), name: $1) },
        .layer(
            "activity_regularization",
            options: [
                .optional("l1", .number(.atLeast(0)), default: 0, "the factor of magnitudes"),
                .optional("l2", .number(.atLeast(0)), default: 0, "the factor of squares"),
            ], help: "Adds a penalty on its input to the loss."
        ) { ActivityRegularization(l1: try $0.float("l1"), l2: try $0.float("l2"), name: $1) },
    ]

    private static func dropout(
        _ name: String, _ help: String, _ make: @escaping @Sendable (Float, String?) -> any Layer
    ) -> Binding {
        .layer(name, [.required("rate", .number(.within(0..<1)), "the share that is dropped")], help: help) {
            make(try $0.float("rate"), $1)
        }
    }
}
