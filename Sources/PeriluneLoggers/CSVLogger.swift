public import PeriluneItems
public import PeriluneTrain

/// Writes a line of comma-separated values for each epoch.
///
/// Columns are `epoch`, the metrics known before the first batch (with their `val_` forms only where there is
/// validation), what else the first epoch's logs have, and what monitors before it in the list write to later ones. A
/// value that an epoch lacks is written `NA`, as Keras does. A name that appears later gets a column at the end: the
/// table is written anew, whole or not at all, with `NA` in the lines before. So does one that a table lacks which is
/// appended to. Each line is written at once. A resumed run goes on after the last line that its checkpoint knows.
///
/// Cost: one line formatted and one system call an epoch; of a name that appears later, the whole table.
public final class CSVLogger: Callback {
    public static let declaration = CallbackDeclaration(
        "csv_logger", try CSVLogger("log.csv"),
        positional: [.required("path", \.path, .string, aliases: ["filename"], "the file")],
        options: [
            .optional("separator", \.separator, .string, "what separates cells"),
            .optional("append", \.appends, .boolean, "whether to go on with a file that is there"),
            .critical(\.isCritical),
        ],
        help: """
            Writes a line of a CSV file for each epoch. A resumed run goes on after the line of its checkpoint.
            lune.csv_logger("runs/log.csv", { append = true })
            """
    ) {
        try CSVLogger(
            $0.opened($0[\.path], for: .write, "path"), separator: $0[\.separator], append: $0[\.appends],
            critical: $0[\.isCritical])
    }

    public var path: String { log.path }
    public let separator: String
    /// Whether to go on with a file that is there.
    public var appends: Bool { log.appends }
    /// Whether a file that cannot be written ends the run.
    public var isCritical: Bool { log.rule.isCritical }
    private var log: LineLog
    private var columns: [String] = []
    private var lines: TableLines { TableLines(separator: separator) }

    /// - Parameters:
    ///   - separator: one character, and not a quote or line end.
    ///   - critical: whether a file that cannot be written ends the run.
    /// - Throws: `TrainingError` for another separator.
    public init(
        _ path: String, separator: String = ",", append: Bool = false, critical: Bool = false
    ) throws(TrainingError) {
        guard separator.utf8.count == 1, !["\"", "\n", "\r"].contains(separator) else {
            throw TrainingError(
                .invalidOption, "csv_logger: 'separator' must be one character and not a quote, got '\(separator)'")
        }
        self.separator = separator
        log = LineLog(path, append: append, LoggerGuard("csv_logger", isCritical: critical))
    }
}

extension CSVLogger {
    public var name: String { "csv_logger" }
    public var roles: [CallbackRole] { [.recordsRun] }
    public var identity: CallbackIdentity { .file(kind: name, path) }

    public var events: EventSet { [.trainBegin, .epochEnd, .trainEnd] }

    public func prepare(for run: Run) throws {
        columns = []
        try log.prepare(for: run)
    }

    public func onTrainBegin(_ logs: Logs, _ run: Run) throws -> Directive? {
        try log.begin(run)
        return nil
    }

    public func onEpochEnd(_ epoch: Int, _ logs: Logs, _ run: Run) throws -> Directive? {
        guard !run.isFailing, run.batchesTrained > 0 else { return nil }
        try log.rule.attempt(run) { try writeRow(epoch, logs, run) }
        return nil
    }

    /// Also of a run that never began.
    public func leave(_ run: Run) { if run.isTraining { log.close() } }

    public func onTrainEnd(_ logs: Logs, _ run: Run) -> Directive? {
        log.close()
        return nil
    }

    private func writeRow(_ epoch: Int, _ logs: Logs, _ run: Run) throws {
        if columns.isEmpty {
            try startTable(logs, run)
        } else if try log.revive(in: run) {
            try write(columns)
        }
        let late = logs.names.filter { !columns.contains($0) }
        if !late.isEmpty {
            let names = late.map { "'\($0)'" }.joined(separator: ", ")
            if log.isReplaceable {
                run.say("csv_logger: \(names) came after the first line; \(path) has a column for it now, at the end")
                try widen(with: late)
            } else {
                run.sayOnce(
                    "csv_logger: \(names) came after the first line and has no column in \(path), which is no file "
                        + "that can be written anew")
            }
        }
        let cells = columns.map { column in
            column == "epoch" ? String(epoch) : logs[column].map { text($0, column) } ?? TableLines.missing
        }
        try write(cells)
    }

    private func widen(with names: [String]) throws {
        try log.replace(with: lines.widened(log.contents(), by: names.map(quoted)))
        columns += names
    }

    private func startTable(_ logs: Logs, _ run: Run) throws {
        var names = ["epoch"] + run.params.metrics
        // What comes later in the list writes after this.
        let before = run.callbacks.flatMap(\.withHosted).prefix { $0 !== self }.filter(\.hosted.isEmpty)
        let announced = before.flatMap(\.roles).compactMap(\.announced).flatMap { $0() }
        for name in logs.names + announced where !names.contains(name) { names.append(name) }
        let header = names.map(quoted).joined(separator: separator)
        if log.hasStrangeLines, log.firstLine() != header { try log.setAside(in: run) }
        guard appends || log.hasStrangeLines, let existing = log.firstLine() else {
            try write(names)
            columns = names
            return
        }
        columns = existing == header ? names : lines.header(Array(existing.utf8))
        let isTable = columns.first == "epoch" && Set(columns).count == columns.count
        guard isTable, existing == header || log.isReplaceable else {
            throw TrainingError(
                .fileFailed, "csv_logger: \(path) has the columns \(existing), this run \(header); nothing appended")
        }
        let missing = names.filter { !columns.contains($0) }
        if !missing.isEmpty { try widen(with: missing) }
    }

    /// Whole counts without a fraction, other numbers with as many digits as they need.
    private func text(_ value: Double, _ column: String) -> String {
        guard column == "step", let count = Int(exactly: value) else { return value.written }
        return String(count)
    }

    private func quoted(_ cell: String) -> String {
        guard cell.contains(separator) || cell.contains("\"") || cell.contains(where: \.isNewline) else { return cell }
        return "\"" + cell.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    private func write(_ cells: [String]) throws {
        try log.write(cells.map(quoted).joined(separator: separator))
    }

    public var report: [String: StateValue] { log.report }

    public var savedState: StateValue {
        [
            "file": log.state, "columns": .init(columns),
        ]
    }

    public func restore(_ state: StateValue, in run: Run) throws {
        // Columns that came after the checkpoint hold nothing in the lines before it.
        let header = (state["columns"]?.texts ?? []).map(quoted).joined(separator: separator)
        let lines = lines
        guard
            try log.restore(
                state["file"], in: run, earlier: { lines.narrowed($1, header: header, to: $0) })
        else {
            columns = []
            return
        }
        // A file that is gone begins with its header again.
        columns = log.isEmpty ? [] : state["columns"]?.texts ?? []
    }
}
