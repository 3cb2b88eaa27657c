public import PeriluneItems

extension ModelCheckpoint {
    public static let declaration = CallbackDeclaration(
        "model_checkpoint", try ModelCheckpoint(.folder("checkpoints", keepLast: nil, keepBest: 0)),
        positional: [
            .alternative(
                "filepath", \.target.file, .string, aliases: ["path"],
                "the file, with places for numbers: \"best-{epoch:02d}-{val_loss:.2f}.safetensors\"")
        ],
        options: [
            .alternative(
                "dir", \.target.folder, .string,
                "in place of a file: a folder of whole checkpoints, which fit's resume reads"),
            .every(\.options.every),
            .optional(
                "keep_last", \.target.keepLast, .count(atLeast: 1), shown: "all",
                "with dir: how many of the newest stay"),
            .optional(
                "keep_best", \.target.keepBest, .count(atLeast: 0), "with dir: how many of the best stay, too"),
            .monitor(\.monitor.name), .mode(\.monitor.mode),
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
                "whether to write the end of the run too, whatever else is written: with a file, as last.safetensors beside it"
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
        try ModelCheckpoint(
            target(given), monitor: given[\.monitor.name], mode: given[\.monitor.mode], options: options(given))
    }

    private static func target(_ given: ItemOptions<ModelCheckpoint>) throws -> Target {
        let file = try given[\.target.file].map { try given.opened($0, for: .write, "filepath") }
        let folder = try given[\.target.folder].map { try given.opened($0, for: .write, "dir") }
        switch (file, folder) {
        case (nil, let folder?):
            return .folder(folder, keepLast: try given[\.target.keepLast], keepBest: try given[\.target.keepBest])
        case (let file?, nil):
            if let name = ["keep_last", "keep_best"].first(where: given.isGiven) {
                throw given.fault(name, "it goes with 'dir', not with a file name")
            }
            return .files(file)
        case (nil, nil), (.some, .some): throw given.fault("dir", "either a file name or 'dir' expected")
        }
    }

    private static func options(_ given: ItemOptions<ModelCheckpoint>) throws -> Options {
        guard !given.isGiven("save_freq") || !given.isGiven("every") else {
            throw given.fault("save_freq", "either 'every' or 'save_freq' expected, got both")
        }
        var options = Options()
        options.every = try given[\.saveFrequency] ?? given[\.options.every]
        options.savesBestOnly = try given[\.options.savesBestOnly]
        options.savesWeightsOnly = try given[\.options.savesWeightsOnly]
        options.initialValueThreshold = try given[\.options.initialValueThreshold]
        options.onInterruption = try given[\.options.onInterruption]
        options.savesLast = try given[\.options.savesLast]
        options.onFailure = try given[\.options.onFailure]
        options.inBackground = try given[\.options.inBackground]
        options.isCritical = try given[\.options.isCritical]
        options.overwrites = try given[\.options.overwrites]
        options.isVerbose = try given[\.options.isVerbose]
        return options
    }

    /// Another spelling of `every`.
    private var saveFrequency: Frequency? { nil }
}

extension ModelCheckpoint.Target {
    fileprivate var file: String? { if case .files(let file) = self { file } else { nil } }
    fileprivate var folder: String? { if case .folder(let folder, _, _) = self { folder } else { nil } }
    fileprivate var keepLast: Int? { if case .folder(_, let keepLast, _) = self { keepLast } else { nil } }
    fileprivate var keepBest: Int { if case .folder(_, _, let keepBest) = self { keepBest } else { 0 } }
}
