public import PeriluneItems
public import PeriluneTrain

/// Writes a line of JSON for each epoch, and for steps where asked to.
///
/// A line is an object: `{"event":"epoch","epoch":1,"batch":12,"loss":0.5,…}`, or with `"event":"step"` the logs of a
/// batch. See `JSONLine` for numbers that are not finite. Each line is written at once. A resumed run goes on after the
/// last line that its checkpoint knows.
///
/// Cost: one line formatted and one system call for each line; batches cost nothing where only epochs are asked for.
public final class JSONLogger: Callback {
    public static let declaration = CallbackDeclaration(
        "json_logger", try JSONLogger("log.jsonl"),
        positional: [.required("path", \.path, .string, aliases: ["filename"], "the file")],
        options: [
            .every(\.every), .optional("append", \.appends, .boolean, "whether to go on with a file that is there"),
            .critical(\.isCritical),
        ],
        help: """
            Writes a line of JSON for each epoch; with every = { steps = n } or { seconds = x } for batches, too.
            Numbers that JSON lacks are the strings "NaN", "Infinity" and "-Infinity". A resumed run goes on after the
            line of its checkpoint.
            lune.json_logger("runs/log.jsonl", { every = { steps = 100 } })
            """
    ) {
        try JSONLogger(
            $0.opened($0[\.path], for: .write, "path"), every: $0[\.every], append: $0[\.appends],
            critical: $0[\.isCritical])
    }

    public var path: String { log.path }
    /// `.epochs(n)` writes each n-th epoch; `.steps` and `.seconds` write lines of batches too, and all epochs.
    public let every: Frequency
    /// Whether to go on with a file that is there.
    public var appends: Bool { log.appends }
    /// Whether a file that cannot be written ends the run.
    public var isCritical: Bool { log.rule.isCritical }
    private var log: LineLog
    private var lastWritten = ContinuousClock.now

    /// - Parameter critical: whether a file that cannot be written ends the run.
    /// - Throws: `TrainingError` for a frequency out of range.
    public init(
        _ path: String, every: Frequency = .epochs(1), append: Bool = false, critical: Bool = false
    ) throws(TrainingError) {
        try every.check(for: "json_logger")
        self.every = every
        log = LineLog(path, append: append, LoggerGuard("json_logger", isCritical: critical))
    }
}

extension JSONLogger {
    public var name: String { "json_logger" }
    public var roles: [CallbackRole] { [.recordsRun] }
    public var identity: CallbackIdentity { .file(kind: name, path, details: "\(every)") }

    public var events: EventSet {
        EventSet([.trainBegin, .epochEnd, .trainEnd]).adding([.trainBatchEnd], if: every.isWithinEpochs)
    }

    public func prepare(for run: Run) throws {
        lastWritten = .now
        try log.prepare(for: run)
    }

    public func onTrainBegin(_ logs: Logs, _ run: Run) throws -> Directive? {
        try log.begin(run)
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

    /// Also of a run that never began.
    public func leave(_ run: Run) { if run.isTraining { log.close() } }

    public func onTrainEnd(_ logs: Logs, _ run: Run) -> Directive? {
        log.close()
        return nil
    }

    private func write(_ event: StateValue, _ logs: Logs, _ run: Run) throws {
        try log.rule.attempt(run) {
            let place: KeyValuePairs<String, StateValue> = [
                "event": event, "epoch": .integer(run.epoch), "batch": .integer(run.batch),
            ]
            _ = try log.revive(in: run)
            try log.write(JSONLine.text(place, logs))
        }
    }

    public var report: [String: StateValue] { log.report }

    public var savedState: StateValue { log.state }

    public func restore(_ state: StateValue, in run: Run) throws {
        _ = try log.restore(state, in: run)
    }
}
