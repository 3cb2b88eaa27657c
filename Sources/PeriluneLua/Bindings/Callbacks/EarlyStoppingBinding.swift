internal import PeriluneItems
internal import PeriluneTrain

enum EarlyStoppingBinding {
    static let function = CallbackBindings.make(
        "early_stopping",
        options: [
            .monitor,
            .optional("min_delta", .number, default: 0, "how much better counts as better"),
            .optional(
                "patience", .integer(atLeast: 0), default: 0,
                "epochs, or other judgements, without improvement before it stops"),
            .verbose, .mode,
            .optional("baseline", .number, "a value that should be beaten; mentioned in the reason"),
            .optional(
                "restore_best_weights", .boolean, default: false,
                "whether to end with the weights of the best epoch"),
            .optional(
                "start_from_epoch", .integer(atLeast: 0), default: 0, "epochs at the start that do not count"),
            .judgedEvery,
        ],
        help: """
            Stops when a monitored quantity no longer gets better.
            lune.early_stopping { monitor = "val_loss", patience = 5, restore_best_weights = true }
            """
    ) {
        try EarlyStopping(
            monitor: $0.string("monitor"), minDelta: $0.number("min_delta"), patience: $0.integer("patience"),
            verbose: $0.verbose(), mode: $0.mode(), baseline: $0.optionalNumber("baseline"),
            restoreBestWeights: $0.boolean("restore_best_weights"), startFromEpoch: $0.integer("start_from_epoch"),
            every: $0.frequency())
    }
}

extension Parameter {
    /// How often a callback with a monitor judges, or a schedule acts.
    static let judgedEvery = Parameter.optional(
        "every",
        .either(
            .integer(atLeast: 1),
            .record([
                .optional("epochs", .integer(atLeast: 1), "epochs"),
                .optional("steps", .integer(atLeast: 1), "updates of the weights"),
            ])), default: 1, "how often: epochs, or { steps = n }")
}
