internal import PeriluneItems
internal import PeriluneTrain

enum SwapEMAWeightsBinding {
    static let function = CallbackBindings.make(
        "swap_ema_weights",
        options: [
            .optional("momentum", .number, default: 0.99, "what stays of the average at an update"),
            .optional("start_from_step", .integer(atLeast: 0), default: 0, "the first update that counts"),
            .optional(
                "update_every", .integer(atLeast: 1), default: 1, "updates of the weights for one of the average"),
            .optional(
                "swap_on_epoch", .boolean, default: false,
                "whether the average is the model's weights from an epoch's end to the next beginning, for what saves then"
            ),
            .optional("swap_at_end", .boolean, default: true, "whether the run ends with the average"),
        ],
        help: """
            Keeps an exponential moving average of the weights, and evaluates with it.
            Checkpoints hold both. A run ends with the average, unless a callback goes back to the best weights.
            lune.swap_ema_weights { momentum = 0.999 }
            """
    ) {
        try SwapEMAWeights(
            momentum: $0.number("momentum"), startFromStep: $0.integer("start_from_step"),
            updateEvery: $0.integer("update_every"), swapOnEpoch: $0.boolean("swap_on_epoch"),
            swapAtEnd: $0.boolean("swap_at_end"))
    }
}
