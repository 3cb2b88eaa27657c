import PeriluneTrain

/// The rule for loggers: one that fails warns once, logs nothing more, and lets the run go on. One that is critical
/// ends the run instead.
final class LoggerGuard {
    let name: String
    let isCritical: Bool
    /// What went wrong; nil while the logger works.
    private(set) var failure: String?

    init(_ name: String, isCritical: Bool) {
        self.name = name
        self.isCritical = isCritical
    }

    var isWorking: Bool { failure == nil }

    /// What `report` tells of it.
    var report: StateValue { failure.map { .text($0) } ?? .null }

    /// Forgets earlier runs.
    func reset() { failure = nil }

    /// Does `body`, unless something has failed before in this run.
    /// - Throws: what `body` throws, where the logger is critical.
    func attempt(_ run: Run, _ body: () throws -> Void) throws {
        guard isWorking else { return }
        do { try body() } catch { try fail(error, run) }
    }

    /// Takes note of a failure that was found elsewhere.
    /// - Throws: `error`, where the logger is critical.
    func fail(_ error: any Error, _ run: Run) throws {
        guard isWorking else { return }
        failure = "\(error)"
        guard !isCritical else { throw error }
        let text = "\(error)"
        // Errors of loggers begin with the logger's name.
        run.say("\(text.hasPrefix(name + ":") ? text : "\(name): \(text)"); it logs nothing more, the run goes on")
    }
}
