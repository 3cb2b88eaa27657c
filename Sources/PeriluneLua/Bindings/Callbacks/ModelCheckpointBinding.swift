internal import PeriluneItems
internal import PeriluneTrain

enum ModelCheckpointBinding {
    static let function = CallbackBindings.make(
        "model_checkpoint",
        [
            .optional(
                "filepath", .string, aliases: ["path"],
                "the file, with places for numbers: \"best-{epoch:02d}-{val_loss:.2f}.safetensors\"")
        ],
        options: [
            .optional("dir", .string, "in place of a file: a folder of whole checkpoints, which fit's resume reads"),
            .every,
            .optional(
                "keep_last", .integer(atLeast: 1), default: .shown("all"), "with dir: how many of the newest stay"),
            .optional("keep_best", .integer(atLeast: 0), default: 0, "with dir: how many of the best stay, too"),
            .monitor, .mode,
            .optional("save_best_only", .boolean, default: false, "whether to write a new best only"),
            .optional(
                "save_weights_only", .boolean, default: false, "with a file: weights alone, for model:load_weights"),
            .optional(
                "save_freq", .either(.enumeration(["epoch"]), .integer(atLeast: 1)),
                "Keras's every: \"epoch\", or steps"),
            .optional("initial_value_threshold", .number, "a value that the best one has to beat"),
            .optional(
                "on_interruption", .boolean, default: true, "whether to write when Ctrl-C or a signal ends the run"),
            .optional(
                "save_last", .boolean, default: false,
                "whether to write the end of the run too, whatever else is written: with a file, as last.safetensors beside it"
            ),
            .optional("on_exception", .boolean, default: false, "whether to write when the run fails"),
            .optional("background", .boolean, default: false, "whether to write on a thread of its own"),
            .optional("critical", .boolean, default: true, "whether a file that cannot be written ends the run"),
            .optional(
                "overwrite", .boolean, default: false,
                "with dir: whether to clear one that has checkpoints of another run"),
            .verbose,
        ],
        help: """
            Writes checkpoints: to files named by a template, or to a folder with the last and the best few kept.
            With fit's resume = "runs/a" this makes a run that survives anything:
            lune.model_checkpoint { dir = "runs/a", every = { steps = 100 }, keep_last = 2, keep_best = 1 }
            Places in names are epoch, batch, step, lr and the metrics of the moment; a best one at each new best:
            lune.model_checkpoint("best-{epoch:02d}-{val_loss:.3f}.safetensors", { save_best_only = true })
            """
    ) { arguments in
        let filepath = try arguments.isGiven("filepath") ? arguments.writablePath("filepath") : nil
        let dir = try arguments.isGiven("dir") ? arguments.writablePath("dir") : nil
        guard (filepath == nil) != (dir == nil) else {
            throw arguments.fault("dir", "either a file name or 'dir' expected")
        }
        for name in try ["keep_last", "keep_best"].filter(arguments.isGiven) where dir == nil {
            throw arguments.fault(name, "it goes with 'dir', not with a file name")
        }
        guard try !arguments.isGiven("save_freq") || !arguments.isGiven("every") else {
            throw arguments.fault("save_freq", "either 'every' or 'save_freq' expected, got both")
        }
        let target: ModelCheckpoint.Target =
            try dir.map {
                .folder(
                    $0, keepLast: try arguments.optionalInteger("keep_last"),
                    keepBest: try arguments.integer("keep_best"))
            } ?? .files(filepath ?? "")
        return try ModelCheckpoint(
            target, monitor: arguments.string("monitor"), mode: arguments.mode(), options: options(arguments))
    }

    private static func options(_ arguments: Arguments) throws -> ModelCheckpoint.Options {
        var options = ModelCheckpoint.Options()
        options.every = try arguments.frequency()
        if let steps = try arguments.optionalInteger("save_freq") { options.every = .steps(steps) }
        options.savesBestOnly = try arguments.boolean("save_best_only")
        options.savesWeightsOnly = try arguments.boolean("save_weights_only")
        options.initialValueThreshold = try arguments.optionalNumber("initial_value_threshold")
        options.onInterruption = try arguments.boolean("on_interruption")
        options.savesLast = try arguments.boolean("save_last")
        options.onFailure = try arguments.boolean("on_exception")
        options.inBackground = try arguments.boolean("background")
        options.isCritical = try arguments.boolean("critical")
        options.overwrites = try arguments.boolean("overwrite")
        options.isVerbose = try arguments.verbose()
        return options
    }
}
