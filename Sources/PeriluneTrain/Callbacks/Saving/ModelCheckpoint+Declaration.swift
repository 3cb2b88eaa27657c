public import PeriluneItems

extension ModelCheckpoint {
    public static let declaration = CallbackDeclaration(
        "model_checkpoint", Settings(), of: { ($0 as? ModelCheckpoint)?.settings },
        positional: [
            .alternative(
                "filepath", \.file, .string, aliases: ["path"],
                "the file, with places for numbers: \"best-{epoch:02d}-{val_loss:.2f}.safetensors\"")
        ],
        options: [
            .alternative(
                "dir", \.folder, .string,
                "in place of a file: a folder of whole checkpoints, which fit's resume reads"),
            .every(\.options.every),
            .optional(
                "keep_last", \.keepLast, .count(atLeast: 1), shown: "all",
                "with dir: how many of the newest stay"),
            .optional(
                "keep_best", \.keepBest, .count(atLeast: 0), "with dir: how many of the best stay, too"),
            .monitor(\.monitor), .mode(\.mode),
            .optional("save_best_only", \.options.savesBestOnly, .boolean, "whether to write a new best only"),
            .optional(
                "save_weights_only", \.options.savesWeightsOnly, .boolean,
                "with a file: weights alone, for model:load_weights"),
            .alternative("save_freq", \.saveFrequency, .saveFrequency, "Keras's every: \"epoch\", or steps"),
            .optional(
                "initial_value_threshold", \.options.initialValueThreshold, .number(),
                "a value that the best one has to beat"),
            .optional(
                "on_interruption", \.options.onInterruption, .boolean,
                "whether to write when Ctrl-C or a signal ends the run"),
            .optional(
                "save_last", \.options.savesLast, .boolean,
                "whether to write the end of the run too, whatever else is written: with a file, "
                    + "as last.safetensors beside it"
            ),
            .optional("on_exception", \.options.onFailure, .boolean, "whether to write when the run fails"),
            .optional("background", \.options.inBackground, .boolean, "whether to write on a thread of its own"),
            .optional(
                "critical", \.options.isCritical, .boolean, "whether a file that cannot be written ends the run"),
            .optional(
                "overwrite", \.options.overwrites, .boolean,
                "with dir: whether to clear one that has checkpoints of another run"),
            .verbose(\.options.isVerbose),
        ],
        help: """
            Writes checkpoints: to files named by a template, or to a folder with the last and the best few kept.
            With fit's resume = "runs/a" this makes a run that survives anything:
            lune.model_checkpoint { dir = "runs/a", every = { steps = 100 }, keep_last = 2, keep_best = 1 }
            Places in names are epoch, batch, step, lr and the metrics of the moment; a best one at each new best:
            lune.model_checkpoint("best-{epoch:02d}-{val_loss:.3f}.safetensors", { save_best_only = true })
            """
    ) { given in
        let settings = try given.filled()
        guard settings.saveFrequency == nil || !given.isGiven("every") else {
            throw given.fault("save_freq", "either 'every' or 'save_freq' expected, got both")
        }
        var options = settings.options
        options.every = settings.saveFrequency ?? options.every
        return try ModelCheckpoint(
            settings.target(given), monitor: settings.monitor, mode: settings.mode, options: options)
    }

    /// What one is made of.
    private struct Settings {
        var file: String?
        var folder: String?
        var keepLast: Int?
        var keepBest = 0
        var monitor = defaultMonitor
        var mode = Monitor.Mode.auto
        /// Another spelling of `every`.
        var saveFrequency: Frequency?
        var options = Options()

        func target(_ given: ItemOptions<Settings>) throws -> Target {
            let file = try file.map { try given.opened($0, for: .write, "filepath") }
            let folder = try folder.map { try given.opened($0, for: .write, "dir") }
            switch (file, folder) {
            case (nil, let folder?): return .folder(folder, keepLast: keepLast, keepBest: keepBest)
            case (let file?, nil):
                if let name = ["keep_last", "keep_best"].first(where: given.isGiven) {
                    throw given.fault(name, "it goes with 'dir', not with a file name")
                }
                return .files(file)
            case (nil, nil), (.some, .some): throw given.fault("dir", "either a file name or 'dir' expected")
            }
        }
    }

    private var settings: Settings {
        var settings = Settings(monitor: monitor.name, mode: monitor.mode, options: options)
        switch target {
        case .files(let file): settings.file = file
        case .folder(let folder, let keepLast, let keepBest):
            (settings.folder, settings.keepLast, settings.keepBest) = (folder, keepLast, keepBest)
        }
        return settings
    }
}
