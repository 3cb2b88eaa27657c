internal import PeriluneItems
internal import PeriluneTrain

enum StochasticWeightAveragingBinding {
    static let function = CallbackBindings.make(
        "stochastic_weight_averaging",
        options: [
            .optional(
                "start_epoch", .integer(atLeast: 1), default: .shown("after three quarters"),
                "the first epoch whose weights count"),
            .every,
            .optional("lr", .number(.atLeast(0)), aliases: ["learning_rate"], "the learning rate from that epoch on"),
            .optional("swap_at_end", .boolean, default: true, "whether the run ends with the average"),
            .optional(
                "update_batch_norm", .boolean, default: true,
                "whether batch normalization gets the statistics of that average, in one more pass over the data"),
        ],
        help: """
            Averages the weights of the last part of a run (SWA), and evaluates with that.
            lune.stochastic_weight_averaging { start_epoch = 15, lr = 0.01 }
            """
    ) {
        try StochasticWeightAveraging(
            startEpoch: $0.optionalInteger("start_epoch"), every: $0.frequency(), learningRate: $0.optionalNumber("lr"),
            swapAtEnd: $0.boolean("swap_at_end"), updateBatchNorm: $0.boolean("update_batch_norm"))
    }
}
