import Glibc

/// Writes a line of comma-separated values for each epoch.
///
/// Columns are `epoch`, the metrics known before the first batch (with their `val_` forms only where there is
/// validation), and what else the first epoch's logs have. A value that an epoch lacks is written `NA`, as Keras does; a
/// name that appears later is left out, with a remark. Each line is written at once.
public final class CSVLogger: Callback {
    public let path: String
    public let separator: String
    /// Whether to go on with an existing file, whose header must have the same columns.
    public let appends: Bool
    private var descriptor: Int32?
    private var columns: [String] = []
    private var dropped: Set<String> = []

    /// - Parameter separator: one character, and not a quote or line end.
    /// - Throws: `TrainingError` for another separator.
    public init(_ path: String, separator: String = ",", append: Bool = false) throws(TrainingError) {
        guard separator.utf8.count == 1, !["\"", "\n", "\r"].contains(separator) else {
            throw TrainingError(
                .invalidOption, "csv_logger: 'separator' must be one character and not a quote, got '\(separator)'")
        }
        self.path = path
        self.separator = separator
        appends = append
    }

    deinit { close() }
}

extension CSVLogger {
    public var name: String { "csv_logger" }

    public func listens(to event: Event) -> Bool { event == .trainBegin || event == .epochEnd || event == .trainEnd }

    /// Opens the file, so that one that cannot be written is found before the first batch.
    public func prepare(for run: Run) throws {
        guard run.isTraining else { return }
        close()
        (columns, dropped) = ([], [])
        let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard opened >= 0 else { throw failure("cannot open") }
        descriptor = opened
    }

    public func onTrainBegin(_ logs: Logs, _ run: Run) throws -> Directive? {
        guard let descriptor, !appends else { return nil }
        guard ftruncate(descriptor, 0) == 0 else { throw failure("cannot write") }
        return nil
    }

    public func onEpochEnd(_ epoch: Int, _ logs: Logs, _ run: Run) throws -> Directive? {
        guard descriptor != nil, !run.isFailing, run.batchesTrained > 0 else { return nil }
        if columns.isEmpty { try startTable(logs, run) }
        for name in logs.names where name != "epoch" && !columns.contains(name) {
            guard dropped.insert(name).inserted else { continue }
            run.say("csv_logger: '\(name)' came after the first epoch and has no column in \(path)")
        }
        let cells = columns.map { column in
            column == "epoch" ? String(epoch) : logs[column].map { text($0, column) } ?? "NA"
        }
        try write(cells)
        return nil
    }

    public func onTrainEnd(_ logs: Logs, _ run: Run) -> Directive? {
        close()
        return nil
    }

    private func startTable(_ logs: Logs, _ run: Run) throws {
        columns = ["epoch"] + run.params.metrics
        columns += logs.names.filter { !columns.contains($0) }
        let header = columns.map(quoted).joined(separator: separator)
        if appends, let existing = try firstLine() {
            guard existing == header else {
                throw TrainingError(
                    .fileFailed, "csv_logger: \(path) has the columns \(existing), this run \(header); nothing appended"
                )
            }
            guard let descriptor, lseek(descriptor, 0, SEEK_END) >= 0 else { throw failure("cannot append to") }
        } else {
            try write(columns.map { $0 })
        }
    }

    private func firstLine() throws -> String? {
        guard let descriptor, lseek(descriptor, 0, SEEK_SET) == 0 else { return nil }
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while read(descriptor, &byte, 1) == 1, byte != 10 { line.append(byte) }
        return line.isEmpty ? nil : String(decoding: line.filter { $0 != 13 }, as: UTF8.self)
    }

    /// Whole counts without a fraction, other numbers with as many digits as they need.
    private func text(_ value: Double, _ column: String) -> String {
        guard column == "step", let count = Int(exactly: value) else { return "\(value)" }
        return String(count)
    }

    private func quoted(_ cell: String) -> String {
        guard cell.contains(separator) || cell.contains("\"") || cell.contains("\n") else { return cell }
        return "\"" + cell.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    private func write(_ cells: [String]) throws {
        guard let descriptor else { return }
        let bytes = Array((cells.map(quoted).joined(separator: separator) + "\n").utf8)
        var done = 0
        while done < bytes.count {
            let written = bytes[done...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw failure("cannot write") }
            done += written
        }
    }

    private func close() {
        if let descriptor { _ = Glibc.close(descriptor) }
        descriptor = nil
    }

    private func failure(_ what: String) -> TrainingError {
        TrainingError(.fileFailed, "csv_logger: \(what) \(path): \(String(cString: strerror(errno)))")
    }
}
