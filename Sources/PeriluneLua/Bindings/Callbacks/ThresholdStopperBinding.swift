internal import PeriluneItems
internal import PeriluneTrain

enum ThresholdStopperBinding {
    static let function = CallbackBindings.make(
        "threshold_stopper",
        options: [
            .monitor, .required("threshold", .number, "the value to reach"), .mode,
            .optional(
                "by_epoch", .integer(atLeast: 1), default: .shown("none"),
                "the epoch at whose end the run stops if the value has not been reached"),
            .judgedEvery, .verbose,
        ],
        help: """
            Stops when a monitored quantity has reached a value, or has not by an epoch.
            lune.threshold_stopper { monitor = "val_accuracy", threshold = 0.98 }
            """
    ) {
        try ThresholdStopper(
            monitor: $0.string("monitor"), threshold: $0.number("threshold"), mode: $0.mode(),
            byEpoch: $0.optionalInteger("by_epoch"), every: $0.frequency(), verbose: $0.verbose())
    }
}
