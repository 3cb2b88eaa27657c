internal import PeriluneItems
internal import PeriluneTrain

/// The monitors of gradients, weights and activations, which have their options in common.
enum TensorMonitorBindings {
    static let gradients = CallbackBindings.make(
        "gradient_monitor", options: options(every: "{ steps = 1 }", statistics: "{ \"norm\" }"),
        help: """
            Writes statistics of the gradients to the logs, before clipping: grad_norm, grad/dense/kernel/norm.
            It takes the training step apart, which costs some time. { epochs = n }: at the first update of an epoch.
            lune.gradient_monitor { every = { steps = 10 }, layers = "*", statistics = { "norm", "nonfinite" } }
            """
    ) {
        try GradientMonitor(
            every: frequency($0, .steps(1)), layers: $0.optionalString("layers"), statistics: statistics($0, ["norm"]))
    }

    static let weights = CallbackBindings.make(
        "weight_monitor", options: options(every: "1", statistics: "{ \"norm\" }"),
        help: """
            Writes statistics of the weights to the logs: weight_norm, weight/dense/kernel/norm.
            lune.weight_monitor { layers = "dense*", statistics = { "norm", "std" } }
            """
    ) {
        try WeightMonitor(
            every: frequency($0, .epochs(1)), layers: $0.optionalString("layers"), statistics: statistics($0, ["norm"]))
    }

    static let activations = CallbackBindings.make(
        "activation_monitor", options: options(every: "1", statistics: "{ \"mean\", \"std\", \"zeros\" }"),
        help: """
            Writes statistics of what the layers give to the logs: activation_zeros, activation/dense/mean.
            Runs the model once more on a batch, as it predicts. { epochs = n }: on the first batch of an epoch.
            lune.activation_monitor { layers = "*", statistics = { "zeros" } }
            """
    ) {
        try ActivationMonitor(
            every: frequency($0, .epochs(1)), layers: $0.optionalString("layers"),
            statistics: statistics($0, ["mean", "std", "zeros"]))
    }

    private static func options(every: String, statistics: String) -> [Parameter] {
        [
            .optional(
                "every", Parameter.everyType, default: .shown(every),
                "how often: epochs, or { steps = n }, { seconds = x }"),
            .optional("layers", .string, "a pattern of layers that are told of one by one: \"*\", \"dense*\""),
            .optional(
                "statistics", .list(.string), default: .shown(statistics),
                "of norm, mean, std, min, max, zeros and nonfinite; the last two are shares"),
        ]
    }

    private static func frequency(_ arguments: Arguments, _ usual: Frequency) throws -> Frequency {
        try arguments.isGiven("every") ? arguments.frequency() : usual
    }

    private static func statistics(_ arguments: Arguments, _ usual: [String]) throws -> [String] {
        try arguments.isGiven("statistics") ? arguments.strings("statistics") : usual
    }
}
