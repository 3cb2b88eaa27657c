internal import PeriluneItems
internal import PeriluneNN

/// `lune.losses`: how far predictions are from the truth.
enum LossBindings {
    typealias Box = LuaBox<any Loss>

    static let binding = ClassBinding.box("loss", Box.self, help: "How far predictions are from the truth.")
    static var catalogue: Catalogue<any Loss> {
        Catalogue(kind: "loss", names: LossCatalogue.names + LossCatalogue.aliases.keys.sorted()) {
            try LossCatalogue.named($0)
        }
    }

    static let functions: [Binding] =
        [
            make(
                "binary_crossentropy", options: [fromLogits, smoothing],
                help: "For labels of 0 and 1, one for each output."
            ) {
                BinaryCrossentropy(
                    fromLogits: try $0.optionalBoolean("from_logits"), labelSmoothing: try $0.float("label_smoothing"))
            },
            make("categorical_crossentropy", options: [fromLogits, smoothing], help: "For one-hot rows.") {
                CategoricalCrossentropy(
                    fromLogits: try $0.optionalBoolean("from_logits"), labelSmoothing: try $0.float("label_smoothing"))
            },
            make("sparse_categorical_crossentropy", options: [fromLogits], help: "For class numbers from 0.") {
                SparseCategoricalCrossentropy(fromLogits: try $0.optionalBoolean("from_logits"))
            },
            make(
                "huber", [.optional("delta", .number(.above(0)), default: 1, "where squared turns into linear")],
                help: "Squared for small errors, linear for large ones."
            ) { Huber(delta: try $0.float("delta")) },
        ] + plain.map { name, help in make(name, help: help) { _ in try LossCatalogue.named(name) } }

    private static let plain: [(String, String)] = [
        ("mean_squared_error", "The mean of squared errors (also 'mse')."),
        ("mean_absolute_error", "The mean of absolute errors (also 'mae')."),
        ("mean_absolute_percentage_error", "The mean of errors relative to the truth, in percent (also 'mape')."),
        ("mean_squared_logarithmic_error", "The mean of squared differences of logarithms (also 'msle')."),
        ("log_cosh", "The mean of log(cosh(error))."),
        ("kl_divergence", "How far one distribution is from another (also 'kld')."),
        ("poisson", "For counts."),
        ("cosine_similarity", "-1 where directions agree, 1 where they are opposite."),
        ("hinge", "For labels of -1 and 1."),
        ("squared_hinge", "For labels of -1 and 1."),
        ("categorical_hinge", "For one-hot rows."),
    ]

    private static let fromLogits = Parameter.optional(
        "from_logits", .boolean, default: .shown("what the model ends in says"),
        "whether predictions are logits and not probabilities")
    private static let smoothing = Parameter.optional(
        "label_smoothing", .number(.within(0...1)), default: 0, "how much of a label is spread over all classes")

    private static func make(
        _ name: String, _ positional: [Parameter] = [], options: [Parameter] = [], help: String,
        _ body: @escaping @Sendable (Arguments) throws -> any Loss
    ) -> Binding {
        Binding(name, positional, options: options, result: .host("loss"), help: help) { arguments in
            let loss = try body(arguments)
            try loss.validate()
            return [.object(Box(loss, name))]
        }
    }
}
