/// A file of lines, of a run that may be resumed: what the loggers of tables and of JSON have in common.
struct LineLog {
    let path: String
    /// Whether to go on with a file that is there.
    let appends: Bool
    let rule: LoggerGuard
    private var file: LogFile?
    /// Whether a checkpoint says where the file goes on.
    private var isRestored = false

    init(_ path: String, append: Bool, _ rule: LoggerGuard) { (self.path, appends, self.rule) = (path, append, rule) }

    /// Whether nothing of the run, and of what it goes on with, is in the file.
    var isEmpty: Bool { (file?.length ?? 0) == 0 }

    /// Opens the file, so that one that cannot be written is found before the first batch.
    mutating func prepare(for run: Run) throws {
        rule.reset()
        (file, isRestored) = (nil, false)
        try rule.attempt(run) { file = try LogFile(path, for: rule.name) }
    }

    /// Makes room for the first line, when the run begins.
    func begin(_ run: Run) throws {
        guard !isRestored else { return }
        try rule.attempt(run) {
            if appends { try file?.endLine() } else { _ = try file?.cut(to: 0) }
        }
    }

    func firstLine() -> String? { file?.firstLine() }

    func write(_ line: String) throws { try file?.write(line + "\n") }

    func close() { file?.close() }

    var report: [String: StateValue] { ["path": .text(path), "failure": rule.report] }
    var state: StateValue { file?.state ?? .null }

    /// - Returns: whether the state is of this file.
    mutating func restore(_ state: StateValue?, in run: Run) throws -> Bool {
        guard let state, state["path"]?.text == path else { return false }
        isRestored = true
        try rule.attempt(run) { try file?.resume(state, in: run) }
        return true
    }
}
