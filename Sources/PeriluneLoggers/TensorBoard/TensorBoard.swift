public import PeriluneTrain

/// Writes event files for TensorBoard, in the layout of Keras's callback
/// (https://keras.io/api/callbacks/tensorboard/): folders `train` and `validation`, tags `epoch_loss`, `batch_loss`,
/// `epoch_learning_rate`, `evaluation_loss_vs_iterations`, `dense/kernel/histogram` and `dense/kernel/image`, and the
/// model itself under the tag `keras`. The tables of embeddings are files of their own, beside the events in `train`.
///
/// Epochs are shown at their number from 1, batches at the step. A resumed run goes on with the files of before, after
/// the last event that its checkpoint knows.
///
/// Cost: one system call for each event written; batches cost nothing with `update_freq = "epoch"`. The model is
/// written once, in some 250 bytes for each layer. Histograms copy the weights and read them twice; images read and
/// pack them too.
public final class TensorBoard: Callback {
    /// When scalars are written.
    public enum UpdateFrequency: Hashable, Sendable {
        /// At the end of each epoch.
        case epoch
        /// After each n-th update of the weights too, n of 1 or more.
        case steps(Int)
    }

    public let logDir: String
    public let updateFrequency: UpdateFrequency
    /// Histograms of the weights come every so many epochs; 0 for none.
    public let histogramFrequency: Int
    /// Whether to write the model's layers and what feeds them.
    public let writesGraph: Bool
    /// Whether weights come as images too, with the histograms.
    public let writesImages: Bool
    /// Whether to write how many steps a second there are.
    public let writesStepsPerSecond: Bool
    /// The tables of embeddings are written every so many epochs; 0 for never.
    public let embeddingsFrequency: Int
    /// Files with a line of text for each row of a table, by patterns of the layers' paths.
    let embeddingsMetadata: LayerPatterns<String>
    /// Whether a file that cannot be written ends the run.
    public var isCritical: Bool { rule.isCritical }
    let rule: LoggerGuard
    var files: [Side: EventFile] = [:]
    var projector: Projector?
    /// What a checkpoint says of the files of before.
    private var saved: StateValue?
    var epochBegan = ContinuousClock.now
    var lastWritten = (time: ContinuousClock.now, step: 0)
    var stepAtEpochBegin = 0

    enum Side: String, CaseIterable {
        case train, validation
    }

    /// - Parameters:
    ///   - embeddingsMetadata: files in `logDir` by patterns of layers, `["*": "words.tsv"]`: a line of text for each
    ///   row of
    ///     an embedding, after one of titles where there are several columns.
    ///   - critical: whether a file that cannot be written ends the run.
    /// - Throws: `TrainingError` for options out of range, or without what they need.
    public init(
        _ logDir: String = "logs", updateFrequency: UpdateFrequency = .epoch, histogramFrequency: Int = 0,
        writeGraph: Bool = true, writeImages: Bool = false, writeStepsPerSecond: Bool = false,
        embeddingsFrequency: Int = 0, embeddingsMetadata: [String: String] = [:], critical: Bool = false
    ) throws(TrainingError) {
        func fail(_ text: String) -> TrainingError { TrainingError(.invalidOption, "tensorboard: " + text) }
        guard !logDir.isEmpty else { throw fail("'log_dir' is empty") }
        if case .steps(let count) = updateFrequency, count < 1 {
            throw fail("'update_freq' must be \"epoch\", \"batch\" or a whole number of 1 or more, got \(count)")
        }
        let check = OptionCheck("tensorboard")
        try check.nonNegative("histogram_freq", histogramFrequency)
        try check.nonNegative("embeddings_freq", embeddingsFrequency)
        guard !writeImages || histogramFrequency > 0 else {
            throw fail("'write_images' goes with 'histogram_freq': images come with the histograms")
        }
        guard embeddingsMetadata.isEmpty || embeddingsFrequency > 0 else {
            throw fail("'embeddings_metadata' goes with 'embeddings_freq'")
        }
        self.logDir = logDir.count > 1 && logDir.hasSuffix("/") ? String(logDir.dropLast()) : logDir
        self.updateFrequency = updateFrequency
        self.histogramFrequency = histogramFrequency
        writesGraph = writeGraph
        writesImages = writeImages
        writesStepsPerSecond = writeStepsPerSecond
        self.embeddingsFrequency = embeddingsFrequency
        self.embeddingsMetadata = LayerPatterns(embeddingsMetadata)
        rule = LoggerGuard("tensorboard", isCritical: critical)
    }
}

extension TensorBoard {
    public var name: String { "tensorboard" }
    public var roles: [CallbackRole] { [.recordsRun] }
    public var identity: CallbackIdentity { .file(kind: name, logDir) }

    public var events: EventSet {
        EventSet([.trainBegin, .epochBegin, .testEnd, .epochEnd, .trainEnd])
            .adding([.trainBatchEnd], if: updateFrequency != .epoch)
    }

    /// Makes the folders, so that ones that cannot be written are found before the first batch.
    public func prepare(for run: Run) throws {
        rule.reset()
        (files, saved) = ([:], nil)
        projector = try embeddingsFrequency > 0 ? Projector(of: run, embeddingsMetadata) : nil
        try rule.attempt(run) {
            for side in sides(run) { try LogFile.makeFolder(folder(side), for: name) }
            try projector?.copyMetadata(from: logDir, to: folder(.train))
        }
    }

    func sides(_ run: Run) -> [Side] { run.hasValidation ? Side.allCases : [.train] }
    func folder(_ side: Side) -> String { "\(logDir)/\(side.rawValue)" }

    public func onTrainBegin(_ logs: Logs, _ run: Run) throws -> Directive? {
        lastWritten = (.now, run.step)
        try open(run)
        return nil
    }

    private func open(_ run: Run) throws {
        try rule.attempt(run) {
            for side in sides(run) {
                files[side]?.close()
                let file = try EventFile(in: folder(side), resuming: saved?[side.rawValue], for: name, run)
                files[side] = file
                // A file of before has it already.
                if side == .train, writesGraph, file.isNew, let model = run.trainer?.model {
                    try file.write([.graph(of: model)], step: 0)
                }
            }
        }
    }

    public func onTrainEnd(_ logs: Logs, _ run: Run) -> Directive? {
        for file in files.values { file.close() }
        return nil
    }

    public var report: [String: StateValue] {
        [
            "log_dir": .text(logDir), "failure": rule.report,
            "files": .init(Side.allCases.compactMap { files[$0]?.path }),
        ]
    }

    public var savedState: StateValue {
        .record(Dictionary(uniqueKeysWithValues: files.map { ($0.rawValue, $1.state) }))
    }

    public func restore(_ state: StateValue, in run: Run) throws {
        saved = state
        // What is open by now was opened at the beginning of the run, and is of this very name.
        if !files.isEmpty { try open(run) }
    }
}
