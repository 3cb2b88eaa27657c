internal import PeriluneItems
internal import PeriluneNN

/// Pooling, channels last.
enum PoolingBindings {
    static let functions: [Binding] = [
        pooling("max_pooling1d", "The largest of each window of steps.") {
            MaxPooling1D($0, strides: $1, padding: $2, name: $3)
        },
        pooling("max_pooling2d", "The largest of each window of an image.") {
            MaxPooling2D($0, strides: $1, padding: $2, name: $3)
        },
        pooling("max_pooling3d", "The largest of each window of a volume.") {
            MaxPooling3D($0, strides: $1, padding: $2, name: $3)
        },
        pooling("average_pooling1d", "The mean of each window of steps.") {
            AveragePooling1D($0, strides: $1, padding: $2, name: $3)
        },
        pooling("average_pooling2d", "The mean of each window of an image.") {
            AveragePooling2D($0, strides: $1, padding: $2, name: $3)
        },
        pooling("average_pooling3d", "The mean of each window of a volume.") {
            AveragePooling3D($0, strides: $1, padding: $2, name: $3)
        },
        global("global_max_pooling1d", "The largest of all steps.") { GlobalMaxPooling1D(keepsAxes: $0, name: $1) },
        global("global_max_pooling2d", "The largest of each channel of an image.") {
            GlobalMaxPooling2D(keepsAxes: $0, name: $1)
        },
        global("global_max_pooling3d", "The largest of each channel of a volume.") {
            GlobalMaxPooling3D(keepsAxes: $0, name: $1)
        },
        global("global_average_pooling1d", "The mean of all steps.") {
            GlobalAveragePooling1D(keepsAxes: $0, name: $1)
        },
        global("global_average_pooling2d", "The mean of each channel of an image.") {
            GlobalAveragePooling2D(keepsAxes: $0, name: $1)
        },
        global("global_average_pooling3d", "The mean of each channel of a volume.") {
            GlobalAveragePooling3D(keepsAxes: $0, name: $1)
        },
    ]

    private static func pooling(
        _ name: String, _ help: String,
        _ make: @escaping @Sendable (Extents, Extents?, PaddingMode, String?) -> any Layer
    ) -> Binding {
        .layer(
            name, [.optional("pool_size", .extents, default: 2, "the window: one extent, or one an axis")],
            options: [
                .optional("strides", .extents, default: .shown("pool_size"), "steps between windows"),
                .optional(
                    "padding", .enumeration(["valid", "same"]), default: "valid",
                    "\"same\" pads, which does not count towards an average"),
            ], help: help
        ) {
            make(
                try $0.extents("pool_size"), try $0.isGiven("strides") ? try $0.extents("strides") : nil,
                try $0.padding(), $1)
        }
    }

    private static func global(
        _ name: String, _ help: String, _ make: @escaping @Sendable (Bool, String?) -> any Layer
    ) -> Binding {
        .layer(
            name,
            options: [.optional("keepdims", .boolean, default: false, "whether the axes stay, with an extent of 1")],
            help: help
        ) { make(try $0.boolean("keepdims"), $1) }
    }
}
