/// Writes a line of JSON for each epoch, and for steps where asked to.
///
/// A line is an object: `{"event":"epoch","epoch":1,"batch":12,"loss":0.5,…}`, or with `"event":"step"` the logs of a
/// batch. See `JSONLine` for numbers that are not finite. Each line is written at once. A resumed run goes on after the
/// last line that its checkpoint knows.
///
/// Cost: one line formatted and one system call for each line; batches cost nothing where only epochs are asked for.
public final class JSONLogger: Callback {
    public let path: String
    /// `.epochs(n)` writes each n-th epoch; `.steps` and `.seconds` write lines of batches too, and all epochs.
    public let every: Frequency
    /// Whether to go on with a file that is there.
    public let appends: Bool
    private let rule: LoggerGuard
    private var file: LogFile?
    private var lastWritten = ContinuousClock.now
    /// Whether a checkpoint says where the file goes on.
    private var isRestored = false

    /// - Parameter critical: whether a file that cannot be written ends the run.
    /// - Throws: `TrainingError` for a frequency out of range.
    public init(
        _ path: String, every: Frequency = .epochs(1), append: Bool = false, critical: Bool = false
    ) throws(TrainingError) {
        try every.check(for: "json_logger")
        self.path = path
        self.every = every
        appends = append
        rule = LoggerGuard("json_logger", isCritical: critical)
    }
}

extension JSONLogger {
    public var name: String { "json_logger" }

    public func listens(to event: Event) -> Bool {
        event == .trainBegin || event == .epochEnd || event == .trainEnd
            || event == .trainBatchEnd && every.isWithinEpochs
    }

    /// Opens the file, so that one that cannot be written is found before the first batch.
    public func prepare(for run: Run) throws {
        // An evaluation that a callback makes leaves the log of its fit alone.
        guard run.isTraining else { return }
        rule.reset()
        (file, isRestored, lastWritten) = (nil, false, .now)
        try rule.attempt(run) { file = try LogFile(path, for: name) }
    }

    public func onTrainBegin(_ logs: Logs, _ run: Run) throws -> Directive? {
        guard !isRestored else { return nil }
        try rule.attempt(run) {
            if appends { try file?.endLine() } else { _ = try file?.cut(to: 0) }
        }
        return nil
    }

    public func onTrainBatchEnd(_ batch: Int, _ logs: Logs, _ run: Run) throws -> Directive? {
        guard every.isDue(after: run, since: lastWritten) else { return nil }
        lastWritten = .now
        try write("step", logs, run)
        return nil
    }

    public func onEpochEnd(_ epoch: Int, _ logs: Logs, _ run: Run) throws -> Directive? {
        if case .epochs(let count) = every, epoch % count != 0 { return nil }
        guard !run.isFailing, run.batchesTrained > 0 else { return nil }
        try write("epoch", logs, run)
        return nil
    }

    public func onTrainEnd(_ logs: Logs, _ run: Run) -> Directive? {
        file?.close()
        return nil
    }

    private func write(_ event: StateValue, _ logs: Logs, _ run: Run) throws {
        try rule.attempt(run) {
            let place: KeyValuePairs<String, StateValue> = [
                "event": event, "epoch": .integer(run.epoch), "batch": .integer(run.batch),
            ]
            try file?.write(JSONLine.text(place, logs) + "\n")
        }
    }

    public var report: [String: StateValue] { ["path": .text(path), "failure": rule.report] }

    public var savedState: StateValue { file?.state ?? .null }

    public func restore(_ state: StateValue, in run: Run) throws {
        guard state["path"]?.text == path else { return }
        isRestored = true
        try rule.attempt(run) { try file?.resume(state, in: run) }
    }
}
