internal import PeriluneItems
internal import PeriluneLoggers
internal import PeriluneLuaRuntime
internal import PeriluneTrain

enum TensorBoardBinding {
    static let function = CallbackBindings.make(
        "tensorboard", [.optional("log_dir", .string, default: "logs", "the folder for train and validation")],
        options: [
            .optional(
                "update_freq", .either(.enumeration(["epoch", "batch"]), .integer(atLeast: 1)), default: "epoch",
                "when scalars are written: at ends of epochs, or after each n-th step too; \"batch\" is 1"),
            .optional(
                "histogram_freq", .integer(atLeast: 0), default: 0, "histograms of the weights every so many epochs"),
            .optional("write_graph", .boolean, default: true, "whether to write the layers and what feeds them"),
            .optional(
                "write_images", .boolean, default: false, "whether weights come as images too, with the histograms"),
            .optional(
                "write_steps_per_second", .boolean, default: false, "whether to write how many steps a second there are"
            ),
            .optional(
                "embeddings_freq", .integer(atLeast: 0), default: 0,
                "the tables of embeddings, for the projector, every so many epochs"),
            .optional(
                "embeddings_metadata", .either(.string, .map(.string)),
                "a file in log_dir with a line for each row of a table, or such files by patterns of layers"),
            .optional(
                "profile_batch", .either(.integer(atLeast: 0), .list(.integer(atLeast: 0), count: 2)), default: 0,
                "Keras's; only 0 is taken"),
            .critical,
        ],
        help: """
            Writes event files for TensorBoard, with Keras's folders and tags: epoch_loss, batch_loss, epoch_learning_rate.
            Images are grey where a weight is 0, white and black where its magnitude is largest.
            Profiles are not written: callback_timer and throughput say where the time goes.
            lune.tensorboard("runs/a", { update_freq = 100, histogram_freq = 1, write_images = true })
            lune.tensorboard("runs/b", { embeddings_freq = 5, embeddings_metadata = "words.tsv" })
            """
    ) { arguments in
        guard try arguments.integers("profile_batch").allSatisfy({ $0 == 0 }) else {
            throw arguments.fault(
                "profile_batch",
                "only 0 is taken, since no profiles are written; callback_timer and throughput say where the time goes")
        }
        let folder = try arguments.writablePath("log_dir")
        return try TensorBoard(
            folder, updateFrequency: updateFrequency(arguments),
            histogramFrequency: arguments.integer("histogram_freq"),
            writeGraph: arguments.boolean("write_graph"), writeImages: arguments.boolean("write_images"),
            writeStepsPerSecond: arguments.boolean("write_steps_per_second"),
            embeddingsFrequency: arguments.integer("embeddings_freq"),
            embeddingsMetadata: metadata(arguments, in: folder), critical: arguments.boolean("critical"))
    }

    private static func updateFrequency(_ arguments: Arguments) throws -> TensorBoard.UpdateFrequency {
        if let steps = try arguments.optionalInteger("update_freq") { return .steps(steps) }
        return try arguments.string("update_freq") == "batch" ? .steps(1) : .epoch
    }

    /// Files by patterns; each has to be one that the script may read.
    private static func metadata(_ arguments: Arguments, in folder: String) throws -> [String: String] {
        var files: [String: String] = [:]
        if let file = try arguments.optionalString("embeddings_metadata") { files["*"] = file }
        for (key, value) in try arguments.optionalTable("embeddings_metadata")?.entries ?? [] {
            files[key.string ?? key.keyText] = value.string
        }
        return try files.mapValues { file in
            do {
                let path = try arguments.state.access.path(
                    file.hasPrefix("/") ? file : "\(folder)/\(file)", for: .read)
                // One that is not whole is as it was given, since this script may read everything.
                return path.hasPrefix("/") ? path : file
            } catch let error as FileFault {
                throw arguments.fault("embeddings_metadata", error.description)
            }
        }
    }
}
