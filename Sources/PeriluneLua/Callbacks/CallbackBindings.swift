internal import PeriluneTrain

/// `lune.callbacks`: what comes with the library.
enum CallbackBindings {
    static let functions: [Binding] = [
        make(
            "early_stopping",
            options: [
                monitor,
                .optional("min_delta", .number, default: 0, "how much better counts as better"),
                .optional("patience", .integer(atLeast: 0), default: 0, "epochs without improvement before it stops"),
                verbose, mode,
                .optional("baseline", .number, "a value that should be beaten; mentioned in the reason"),
                .optional(
                    "restore_best_weights", .boolean, default: false,
                    "whether to end with the weights of the best epoch"),
                .optional(
                    "start_from_epoch", .integer(atLeast: 0), default: 0, "epochs at the start that do not count"),
            ], help: "Stops when a monitored quantity no longer gets better."
        ) {
            try EarlyStopping(
                monitor: $0.string("monitor"), minDelta: $0.number("min_delta"), patience: $0.integer("patience"),
                verbose: $0.verbose(), mode: $0.mode(), baseline: $0.optionalNumber("baseline"),
                restoreBestWeights: $0.boolean("restore_best_weights"), startFromEpoch: $0.integer("start_from_epoch"))
        },
        make(
            "reduce_lr_on_plateau",
            options: [
                monitor, .optional("factor", .number, default: 0.1, "what the learning rate is multiplied with"),
                .optional("patience", .integer(atLeast: 0), default: 10, "epochs without improvement before it acts"),
                verbose, mode, .optional("min_delta", .number, default: 1e-4, "how much better counts as better"),
                .optional("cooldown", .integer(atLeast: 0), default: 0, "epochs after a reduction that do not count"),
                .optional("min_lr", .number(.atLeast(0)), default: 0, "the least learning rate"),
            ], help: "Lowers the learning rate when a monitored quantity no longer gets better."
        ) {
            try ReduceLROnPlateau(
                monitor: $0.string("monitor"), factor: $0.number("factor"), patience: $0.integer("patience"),
                verbose: $0.verbose(), mode: $0.mode(), minDelta: $0.number("min_delta"),
                cooldown: $0.integer("cooldown"), minLR: $0.number("min_lr"))
        },
        make(
            "learning_rate_scheduler",
            [.required("schedule", .function, "takes the epoch, from 1, and the learning rate; returns the new one")],
            options: [verbose], help: "Sets the learning rate at the beginning of each epoch by a function.",
            scheduler),
        make(
            "terminate_on_nan",
            options: [.optional("raise", .boolean, default: false, "whether it is an error instead of a stop")],
            help: "Stops when a loss is NaN or infinite."
        ) { TerminateOnNaN(raiseError: try $0.boolean("raise")) },
        make(
            "csv_logger", [.required("path", .string, aliases: ["filename"], "the file")],
            options: [
                .optional("separator", .string, default: ",", "what separates cells"),
                .optional("append", .boolean, default: false, "whether to go on with a file that is there"),
            ], help: "Writes a line of a CSV file for each epoch."
        ) {
            try CSVLogger($0.writablePath("path"), separator: $0.string("separator"), append: $0.boolean("append"))
        },
        make(
            "progress_bar",
            options: [
                .optional("style", .enumeration(["bar", "lines"]), default: "bar", "a bar, or a line an epoch")
            ], help: "Shows how far a run is; in place of what verbose asks for."
        ) { ProgressBar(try $0.string("style") == "bar" ? .bar : .lines) },
        Binding(
            "history", result: .host("history"),
            help: "Records the logs of each epoch. fit returns one anyway; this one can be looked at from elsewhere."
        ) { _ in [.object(History())] },
    ]

    private static let monitor = Parameter.optional(
        "monitor", .string, default: "val_loss", "what is watched: loss, val_accuracy, …")
    private static let verbose = Parameter.optional(
        "verbose", .either(.boolean, .integer(in: 0...1)), default: false, "whether to say what it does")
    private static let mode = Parameter.optional(
        "mode", .enumeration(Monitor.Mode.allCases.map(\.rawValue)), default: "auto", "which way is better")

    private static func make(
        _ name: String, _ positional: [Parameter] = [], options: [Parameter] = [], help: String,
        _ body: @escaping @Sendable (Arguments) throws -> any Callback
    ) -> Binding {
        Binding(name, positional, options: options, result: .host("callback"), help: help) {
            [.object(CallbackBox(try body($0)))]
        }
    }

    private static func scheduler(_ arguments: Arguments) throws -> any Callback {
        let schedule = try arguments.function("schedule")
        return LearningRateScheduler(verbose: try arguments.verbose()) { epoch, rate in
            let returned = try schedule.call(.integer(epoch), .number(rate)).first ?? .nil
            guard let new = returned.number else {
                throw CallbackFault(
                    "\(schedule.place?.prefix ?? "")the schedule must return a number, got \(returned.briefText)")
            }
            return new
        }
    }
}

extension Arguments {
    fileprivate func verbose() throws -> Bool { try optionalBoolean("verbose") ?? (optionalInteger("verbose") == 1) }

    fileprivate func mode() throws -> Monitor.Mode { Monitor.Mode(rawValue: try string("mode")) ?? .auto }
}
