internal import PeriluneItems
internal import PeriluneTrain

enum KeepBestWeightsBinding {
    static let function = CallbackBindings.make(
        "keep_best_weights",
        options: [
            .monitor, .mode, .optional("min_delta", .number, default: 0, "how much better counts as better"),
            .optional("restore_at_end", .boolean, default: true, "whether the run ends with the best weights"),
            .verbose,
        ],
        help: """
            Keeps the weights of the best epoch in memory, and ends the run with them.
            lune.keep_best_weights { monitor = "val_accuracy" }
            """
    ) {
        try KeepBestWeights(
            monitor: $0.string("monitor"), mode: $0.mode(), minDelta: $0.number("min_delta"),
            restoreAtEnd: $0.boolean("restore_at_end"), verbose: $0.verbose())
    }
}
