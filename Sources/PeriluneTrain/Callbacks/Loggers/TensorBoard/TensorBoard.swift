import PeriluneGraph

/// Writes event files for TensorBoard, in the layout of Keras's callback
/// (https://keras.io/api/callbacks/tensorboard/): folders `train` and `validation`, tags `epoch_loss`, `batch_loss`,
/// `epoch_learning_rate`, `evaluation_loss_vs_iterations` and `dense/kernel/histogram`.
///
/// Epochs are shown at their number from 1, batches at the step. A resumed run goes on with the files of before, after the
/// last event that its checkpoint knows.
///
/// Cost: one system call for each event written; batches cost nothing with `update_freq = "epoch"`. Histograms copy the
/// weights and read them twice.
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
    /// Whether to write how many steps a second there are.
    public let writesStepsPerSecond: Bool
    private let rule: LoggerGuard
    private var files: [Side: EventFile] = [:]
    /// What a checkpoint says of the files of before.
    private var saved: StateValue?
    private var epochBegan = ContinuousClock.now
    private var lastWritten = (time: ContinuousClock.now, step: 0)
    private var stepAtEpochBegin = 0

    private enum Side: String, CaseIterable {
        case train, validation
    }

    /// - Parameter critical: whether a file that cannot be written ends the run.
    /// - Throws: `TrainingError` for options out of range.
    public init(
        _ logDir: String = "logs", updateFrequency: UpdateFrequency = .epoch, histogramFrequency: Int = 0,
        writeStepsPerSecond: Bool = false, critical: Bool = false
    ) throws(TrainingError) {
        func fail(_ text: String) -> TrainingError { TrainingError(.invalidOption, "tensorboard: " + text) }
        guard !logDir.isEmpty else { throw fail("'log_dir' is empty") }
        if case .steps(let count) = updateFrequency, count < 1 {
            throw fail("'update_freq' must be \"epoch\" or a whole number of 1 or more, got \(count)")
        }
        guard histogramFrequency >= 0 else {
            throw fail("'histogram_freq' must be a whole number of 0 or more, got \(histogramFrequency)")
        }
        self.logDir = logDir.count > 1 && logDir.hasSuffix("/") ? String(logDir.dropLast()) : logDir
        self.updateFrequency = updateFrequency
        self.histogramFrequency = histogramFrequency
        writesStepsPerSecond = writeStepsPerSecond
        rule = LoggerGuard("tensorboard", isCritical: critical)
    }
}

extension TensorBoard {
    public var name: String { "tensorboard" }

    public func listens(to event: Event) -> Bool {
        switch event {
        case .trainBegin, .epochBegin, .testEnd, .epochEnd, .trainEnd: true
        case .trainBatchEnd: updateFrequency != .epoch
        case .trainBatchBegin, .backwardEnd, .testBegin, .testBatchBegin, .testBatchEnd, .checkpoint, .exception,
            .predictBegin, .predictBatchBegin, .predictBatchEnd, .predictEnd:
            false
        }
    }

    /// Makes the folders, so that ones that cannot be written are found before the first batch.
    public func prepare(for run: Run) throws {
        // An evaluation that a callback makes leaves the files of its fit alone.
        guard run.isTraining else { return }
        rule.reset()
        (files, saved) = ([:], nil)
        try rule.attempt(run) {
            for side in sides(run) { try LogFile.makeFolder(folder(side), for: name) }
        }
    }

    private func sides(_ run: Run) -> [Side] { run.hasValidation ? Side.allCases : [.train] }
    private func folder(_ side: Side) -> String { "\(logDir)/\(side.rawValue)" }

    public func onTrainBegin(_ logs: Logs, _ run: Run) throws -> Directive? {
        lastWritten = (.now, run.step)
        try open(run)
        return nil
    }

    private func open(_ run: Run) throws {
        try rule.attempt(run) {
            for side in sides(run) {
                files[side]?.close()
                files[side] = try EventFile(in: folder(side), resuming: saved?[side.rawValue], for: name, run)
            }
        }
    }

    public func onEpochBegin(_ epoch: Int, _ logs: Logs, _ run: Run) -> Directive? {
        (epochBegan, stepAtEpochBegin) = (.now, run.step)
        return nil
    }

    public func onTrainBatchEnd(_ batch: Int, _ logs: Logs, _ run: Run) throws -> Directive? {
        guard case .steps(let count) = updateFrequency, run.isStepComplete, run.step % count == 0 else { return nil }
        var values: [EventFile.Value] = []
        logs.forEach { name, value in
            guard !Self.isPosition(name), !name.hasPrefix("running_"), name != "lr" else { return }
            values.append(.init(tag: "batch_" + name, content: .scalar(value)))
        }
        if writesStepsPerSecond { values.append(rate("batch", since: lastWritten.time, from: lastWritten.step, run)) }
        lastWritten = (.now, run.step)
        try rule.attempt(run) { try files[.train]?.write(values, step: run.step) }
        return nil
    }

    public func onTestEnd(_ logs: Logs, _ run: Run) throws -> Directive? {
        guard run.isTraining, !run.isFailing else { return nil }
        var values: [EventFile.Value] = []
        logs.forEach { values.append(.init(tag: "evaluation_\($0)_vs_iterations", content: .scalar($1))) }
        try rule.attempt(run) { try files[.validation]?.write(values, step: run.step) }
        return nil
    }

    public func onEpochEnd(_ epoch: Int, _ logs: Logs, _ run: Run) throws -> Directive? {
        guard !run.isFailing, run.batchesTrained > 0 else { return nil }
        var values: [Side: [EventFile.Value]] = [:]
        logs.forEach { name, value in
            guard !Self.isPosition(name) else { return }
            let isValidation = run.hasValidation && name.hasPrefix("val_")
            let tag = name == "lr" ? "learning_rate" : isValidation ? String(name.dropFirst(4)) : name
            values[isValidation ? .validation : .train, default: []].append(
                .init(tag: "epoch_" + tag, content: .scalar(value)))
        }
        if writesStepsPerSecond {
            values[.train, default: []].append(rate("epoch", since: epochBegan, from: stepAtEpochBegin, run))
        }
        if histogramFrequency > 0, epoch % histogramFrequency == 0 { values[.train, default: []] += histograms(run) }
        try rule.attempt(run) {
            for side in sides(run) { try files[side]?.write(values[side] ?? [], step: epoch) }
        }
        return nil
    }

    private func rate(_ kind: String, since began: ContinuousClock.Instant, from step: Int, _ run: Run)
        -> EventFile.Value
    {
        let seconds = (ContinuousClock.now - began).inSeconds
        return .init(
            tag: kind + "_steps_per_second",
            content: .scalar(seconds > 0 ? Double(run.step - step) / seconds : 0))
    }

    private func histograms(_ run: Run) -> [EventFile.Value] {
        run.namedWeights.compactMap { path, tensor in
            guard tensor.dtype == .float32, let histogram = Histogram(tensor.floats) else { return nil }
            return .init(tag: path + "/histogram", content: .histogram(histogram))
        }
    }

    /// Numbers that say where or when, and not how well.
    private static func isPosition(_ name: String) -> Bool {
        switch name {
        case "epoch", "step", "size", "epoch_seconds", "samples_per_second": true
        case _: false
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
