public import PeriluneItems

/// Keeps an exponential moving average of the weights, and evaluates with it.
///
/// After Keras's `SwapEMAWeights` (https://keras.io/api/callbacks/swap_ema_weights/), which takes the average from the
/// optimizer; here the callback keeps it: `average ← momentum · average + (1 − momentum) · weights` after each update,
/// beginning with the weights of the first one. As there, a run ends with the average; different from there, also when
/// it is stopped early, and a prediction puts the weights back. See `WeightAveraging` for checkpoints and order.
public final class SwapEMAWeights: WeightAveraging {
    public static let declaration = CallbackDeclaration(
        "swap_ema_weights", try SwapEMAWeights(),
        options: [
            .optional("momentum", \.momentum, .number(), "what stays of the average at an update"),
            .optional("start_from_step", \.startFromStep, .count(atLeast: 0), "the first update that counts"),
            .optional(
                "update_every", \.updateEvery, .count(atLeast: 1), "updates of the weights for one of the average"),
            .optional(
                "swap_on_epoch", \.swapsOnEpoch, .boolean,
                "whether the average is the model's weights from an epoch's end to the next beginning, "
                    + "for what saves then"
            ),
            .optional("swap_at_end", \.swapsAtEnd, .boolean, "whether the run ends with the average"),
        ],
        help: """
            Keeps an exponential moving average of the weights, and evaluates with it.
            Checkpoints hold both. A run ends with the average, unless a callback goes back to the best weights.
            lune.swap_ema_weights { momentum = 0.999 }
            """
    ) {
        try SwapEMAWeights(
            momentum: $0[\.momentum], startFromStep: $0[\.startFromStep], updateEvery: $0[\.updateEvery],
            swapOnEpoch: $0[\.swapsOnEpoch], swapAtEnd: $0[\.swapsAtEnd])
    }

    /// What stays of the average at an update; from 0 up to, and not including, 1.
    public let momentum: Double
    /// The first update that counts, by `run.step`.
    public let startFromStep: Int
    /// Updates of the weights for one of the average.
    public let updateEvery: Int

    /// - Throws: `TrainingError` for a value out of range.
    public init(
        momentum: Double = 0.99, startFromStep: Int = 0, updateEvery: Int = 1, swapOnEpoch: Bool = false,
        swapAtEnd: Bool = true
    ) throws(TrainingError) {
        let check = OptionCheck("swap_ema_weights")
        try check.require(
            momentum >= 0 && momentum < 1, "momentum", "a number of 0 or more and below 1", momentum)
        try check.nonNegative("start_from_step", startFromStep)
        try check.positive("update_every", updateEvery)
        (self.momentum, self.startFromStep, self.updateEvery) = (momentum, startFromStep, updateEvery)
        super.init(name: "swap_ema_weights", swapsAtEnd: swapAtEnd, swapsOnEpoch: swapOnEpoch)
    }

    override func share(after step: Int, in run: Run) -> Float? {
        step >= startFromStep && step % updateEvery == 0 ? Float(1 - momentum) : nil
    }

    public override var report: [String: StateValue] {
        super.report.merging(["momentum": .number(momentum)]) { $1 }
    }
}
