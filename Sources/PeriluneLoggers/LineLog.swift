import Glibc
import PeriluneTrain

/// A file of lines, of a run that may be resumed: what the loggers of tables and of JSON have in common.
struct LineLog {
    let path: String
    /// Whether to go on with a file that is there.
    let appends: Bool
    let rule: LoggerGuard
    private var file: LogFile?
    /// Whether a checkpoint says where the file goes on.
    private var isRestored = false
    /// Whether the file has lines that are of no run that this one knows, and have to stay.
    private(set) var hasStrangeLines = false

    init(_ path: String, append: Bool, _ rule: LoggerGuard) { (self.path, appends, self.rule) = (path, append, rule) }

    /// Whether nothing of the run, and of what it goes on with, is in the file.
    var isEmpty: Bool { (file?.length ?? 0) == 0 }

    /// Opens the file, so that one that cannot be written, or that another run writes to, is found before the first
    /// batch.
    mutating func prepare(for run: Run) throws {
        rule.reset()
        (file, isRestored, hasStrangeLines) = (nil, false, false)
        try rule.attempt(run) {
            let opened = try LogFile(path, for: rule.name)
            try opened.lock()
            // A run that never begins holds no lock.
            opened.unlock()
            file = opened
        }
    }

    /// Makes room for the first line, when the run begins. In a run that goes on from a checkpoint which does not know
    /// the file, the lines of before stay.
    mutating func begin(_ run: Run) throws {
        guard !isRestored else { return }
        hasStrangeLines = run.isResumed && !appends && !isEmpty
        try rule.attempt(run) {
            try file?.lock()
            if appends || hasStrangeLines { try file?.endLine() } else { try file?.cut(to: 0) }
        }
        if hasStrangeLines {
            run.say(
                "\(rule.name): the checkpoint does not know \(path), whose lines stay; those of this run follow them")
        }
    }

    func firstLine() -> String? { file?.firstLine() }

    func contents() throws -> [UInt8] { try file?.contents() ?? [] }

    /// Whether the file can be written anew.
    var isReplaceable: Bool { file?.isReplaceable ?? false }

    /// Has these bytes in place of all that was there, whole or not at all.
    func replace(with bytes: [UInt8]) throws { try file?.replace(with: bytes) }

    func write(_ line: String) throws { try file?.write(line + "\n") }

    func close() { file?.close() }

    /// Makes the file again where it has been removed.
    /// - Returns: whether it is empty for that.
    func revive(in run: Run) throws -> Bool {
        guard let file, try file.revive() else { return false }
        run.say("\(rule.name): \(path) was removed while the run went on, and is begun again")
        return file.length == 0
    }

    /// Gives the file another name, `.aside` behind its own, and begins a new one.
    mutating func setAside(in run: Run) throws {
        var name = path + ".aside"
        var number = 1
        while unsafe access(name, F_OK) == 0 { (number, name) = (number + 1, "\(path).aside\(number + 1)") }
        guard unsafe rename(path, name) == 0 else {
            throw TrainingError(
                .fileFailed, "\(rule.name): cannot set \(path) aside: \(unsafe String(cString: strerror(errno)))")
        }
        let fresh = try LogFile(path, for: rule.name)
        try fresh.lock()
        file = fresh
        run.say("\(rule.name): \(path) has other columns than this run; set aside as \(name)")
    }

    var report: [String: StateValue] { ["path": .text(path), "failure": rule.report] }
    var state: StateValue { file?.state ?? .null }

    /// - Parameter earlier: what the checkpoint knows, where it can be got from what the file holds now.
    /// - Returns: whether the file goes on as the checkpoint knows it, with what is left of it.
    mutating func restore(
        _ state: StateValue?, in run: Run, earlier: (_ length: Int, _ bytes: [UInt8]) -> [UInt8]? = { _, _ in nil }
    ) throws -> Bool {
        guard let state, state != .null else { return false }
        isRestored = true
        var isKnown = false
        try rule.attempt(run) {
            guard let file else { return }
            try file.lock()
            if file.isReplaceable, let length = state["length"]?.count,
                let before = earlier(length, try file.contents()),
                LogFile.isEnd(before, of: state)
            {
                try file.replace(with: before)
            }
            switch try file.resume(state) {
            case .same: isKnown = true
            case .shorter(let missing):
                (isKnown, hasStrangeLines) = (isEmpty, !isEmpty)
                run.sayOnce(
                    "\(rule.name): \(path) lacks \(missing) bytes that it had when the checkpoint was written")
            case .other:
                hasStrangeLines = true
                run.sayOnce(
                    "\(rule.name): \(path) is not the file that the checkpoint knows; its lines stay, "
                        + "and those of this run follow them")
            }
        }
        return isKnown
    }
}
