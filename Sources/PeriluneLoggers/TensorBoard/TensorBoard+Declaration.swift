public import PeriluneItems
public import PeriluneTrain

extension TensorBoard {
    public static let declaration = CallbackDeclaration(
        "tensorboard", try TensorBoard(),
        positional: [.optional("log_dir", \.logDir, .string, "the folder for train and validation")],
        options: [
            .optional(
                "update_freq", \.updateFrequency, .updates,
                "when scalars are written: at ends of epochs, or after each n-th step too; \"batch\" is 1"),
            .optional(
                "histogram_freq", \.histogramFrequency, .count(atLeast: 0),
                "histograms of the weights every so many epochs"),
            .optional("write_graph", \.writesGraph, .boolean, "whether to write the layers and what feeds them"),
            .optional(
                "write_images", \.writesImages, .boolean, "whether weights come as images too, with the histograms"),
            .optional(
                "write_steps_per_second", \.writesStepsPerSecond, .boolean,
                "whether to write how many steps a second there are"),
            .optional(
                "embeddings_freq", \.embeddingsFrequency, .count(atLeast: 0),
                "the tables of embeddings, for the projector, every so many epochs"),
            .alternative(
                "embeddings_metadata", \.metadata, .metadata,
                "a file in log_dir with a line for each row of a table, or such files by patterns of layers"),
            .optional(
                "profile_batch", \.profiledBatches, .oneOrList(.count(atLeast: 0), count: 2...2),
                "Keras's; only 0 is taken"),
            .critical(\.isCritical),
        ],
        help: """
            Writes event files for TensorBoard, with Keras's folders and tags: epoch_loss, batch_loss, \
            epoch_learning_rate.
            Images are grey where a weight is 0, white and black where its magnitude is largest.
            Profiles are not written: callback_timer and throughput say where the time goes.
            lune.tensorboard("runs/a", { update_freq = 100, histogram_freq = 1, write_images = true })
            lune.tensorboard("runs/b", { embeddings_freq = 5, embeddings_metadata = "words.tsv" })
            """
    ) { given in
        guard try given[\.profiledBatches].allSatisfy({ $0 == 0 }) else {
            throw given.fault(
                "profile_batch",
                "only 0 is taken, since no profiles are written; callback_timer and throughput say where the time goes")
        }
        let folder = try given.opened(given[\.logDir], for: .write, "log_dir")
        let metadata = try given[\.metadata]?.mapValues { file in
            // In the folder, where nothing else is said.
            let path = try given.opened(
                file.hasPrefix("/") ? file : "\(folder)/\(file)", for: .read, "embeddings_metadata")
            // One that is not whole is as it was given, for one who may read everything.
            return path.hasPrefix("/") ? path : file
        }
        return try TensorBoard(
            folder, updateFrequency: given[\.updateFrequency], histogramFrequency: given[\.histogramFrequency],
            writeGraph: given[\.writesGraph], writeImages: given[\.writesImages],
            writeStepsPerSecond: given[\.writesStepsPerSecond], embeddingsFrequency: given[\.embeddingsFrequency],
            embeddingsMetadata: metadata ?? [:], critical: given[\.isCritical])
    }

    private var metadata: [String: String]? { embeddingsMetadata.values }
    /// Keras writes profiles of some batches; here there are none.
    private var profiledBatches: [Int] { [0] }
}

extension OptionForm where Value == TensorBoard.UpdateFrequency {
    /// "epoch", "batch", or a number of steps.
    fileprivate static var updates: Self {
        let (epoch, batch) = ("epoch", "batch")
        let steps = OptionForm<Int>.count(atLeast: 1)
        return Self(.either(.enumeration([epoch, batch]), steps.type)) { frequency in
            switch frequency {
            case .epoch: .text(epoch)
            case .steps(let count): .integer(count)
            }
        } read: { input in
            switch input {
            case .value(.text(epoch)): .epoch
            case .value(.text(batch)): .steps(1)
            case .value, .made, .list: try steps.read(input).map { .steps($0) }
            }
        }
    }
}

extension OptionForm where Value == [String: String] {
    /// A file for all layers, or files by patterns of them.
    fileprivate static var metadata: Self {
        let files = OptionForm.map(.string)
        return Self(.either(.string, files.type), write: files.write) { input in
            if case .value(.text(let file)) = input { return ["*": file] }
            return try files.read(input)
        }
    }
}
