internal import PeriluneItems
internal import PeriluneTrain

enum LayerLearningRatesBinding {
    static let function = CallbackBindings.make(
        "layer_learning_rates",
        [
            .required(
                "patterns", .map(.number(.atLeast(0))),
                "by patterns of layer names, what the learning rate is multiplied with")
        ],
        help: """
            Learning rates of their own for layers.
            lune.layer_learning_rates { ["conv*"] = 0.1 }
            """
    ) { arguments in
        var factors: [String: Double] = [:]
        for (key, value) in try arguments.table("patterns").entries {
            if let pattern = key.string, let factor = value.number { factors[pattern] = factor }
        }
        return try LayerLearningRates(factors)
    }
}
