internal import PeriluneItems
internal import PeriluneTrain

enum DivergenceStopperBinding {
    static let function = CallbackBindings.make(
        "divergence_stopper",
        options: [
            .optional("monitor", .string, default: "loss", "what is watched: loss, val_accuracy, …"),
            .optional("factor", .number(.above(1)), "too far is so many times worse than the best; or give threshold"),
            .optional("threshold", .number, "too far is worse than this"),
            .optional("patience", .integer(atLeast: 0), default: 1, "judgements too far, one after the other"),
            .mode, .judgedEvery, .verbose,
        ],
        help: """
            Stops when a monitored quantity has run away, or is no longer finite.
            lune.divergence_stopper { monitor = "loss", factor = 5, patience = 2 }
            """
    ) { arguments in
        let limit: DivergenceStopper.Limit
        switch (try arguments.optionalNumber("factor"), try arguments.optionalNumber("threshold")) {
        case (let factor?, nil): limit = .factor(factor)
        case (nil, let threshold?): limit = .threshold(threshold)
        case (nil, nil), (.some, .some): throw arguments.fault("factor", "either 'factor' or 'threshold' expected")
        }
        return try DivergenceStopper(
            monitor: arguments.string("monitor"), limit, patience: arguments.integer("patience"),
            mode: arguments.mode(), every: arguments.frequency(), verbose: arguments.verbose())
    }
}
