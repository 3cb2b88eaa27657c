internal import PeriluneItems
internal import PeriluneLuaRuntime
internal import PeriluneTrain

/// Callbacks that come from a file or a text, and are read again when the file has changed.
final class CallbackSource {
    /// What messages call it.
    let name: String
    /// Whether the file is looked at before each epoch.
    var reloads: Bool
    private(set) var loaded: LoadedCallbacks
    /// The file; nil where there is only a text.
    private let path: String?
    private var stamp: FileStamp?
    private let load: (LoadedCallbacks?) throws -> LoadedCallbacks
    /// Runs in progress, innermost last.
    private var runs: [Run] = []

    /// - Parameter load: reads and runs the file. Takes what it gave the last time.
    init(
        name: String, path: String?, reloads: Bool, load: @escaping (LoadedCallbacks?) throws -> LoadedCallbacks
    ) throws {
        self.name = name
        self.path = path
        self.reloads = reloads
        self.load = load
        // Before the file is read: what is written while it is read shows at the next look.
        stamp = path.flatMap { FileStamp($0) }
        loaded = try load(nil)
    }

    func enter(_ run: Run) throws {
        try loaded.callback.enter(run)
        runs.append(run)
    }

    func leave(_ run: Run) {
        runs.removeAll { $0 === run }
        loaded.callback.leave(run)
    }

    /// Reads the file again where it has changed. A file that is not there for a moment, or cannot be run, leaves
    /// everything as it was; the run tells what is wrong with it, once.
    /// - Returns: whether the callbacks are others now.
    func refresh(for run: Run) -> Bool {
        guard reloads, let path, let now = FileStamp(path), now != stamp else { return false }
        stamp = now
        do {
            let fresh = try load(loaded)
            for run in runs where run.endReason == nil {
                try fresh.callback.enter(run)
                if run.isTraining { try fresh.callback.prepare(for: run) }
            }
            loaded = fresh
            run.say("\(name): read again")
            return true
        } catch {
            let report = (error as? LuaError).map { [$0.message, $0.excerpt ?? ""] } ?? ["\(error)"]
            let text = report.filter { !$0.isEmpty }.joined(separator: "\n")
            run.say("\(name): the edit does not work, so the version before stays: \(text)")
            return false
        }
    }

    /// Where the function for `event` is written, if the callback is called `name`.
    func place(_ name: String, _ event: Event) -> ScriptPlace? {
        name == self.name ? loaded.callback.place(loaded.callback.name, event) : loaded.callback.place(name, event)
    }
}
