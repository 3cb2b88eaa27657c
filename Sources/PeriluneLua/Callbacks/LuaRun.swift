package import PeriluneTrain

/// A run in progress as scripts see it.
package final class LuaRun {
    package let run: Run
    package let model: LuaModel
    /// How many callbacks scripts have added while it went on.
    var addedCount = 0
    /// Who knows these callbacks, where a script started the run. They know this object, which must not keep them.
    private(set) weak var watcher: RunWatcher?
    /// What the callbacks of the state share of it.
    weak var context: RunContext?

    init(_ run: Run, _ model: LuaModel, _ watcher: RunWatcher? = nil) {
        self.run = run
        self.model = model
        self.watcher = watcher
    }
}

extension Session {
    /// The object by which scripts know `run`; nil where a host started it, and they have not met it yet.
    func known(_ run: Run) -> LuaRun? { runs.last { $0.run === run } ?? hostRuns.last { $0.run?.run === run }?.run }

    /// The object by which scripts know `run`, which a host may have started.
    package func object(for run: Run) throws -> LuaRun {
        if let known = known(run) { return known }
        guard let trainer = run.trainer else {
            throw CallbackFault("a callback of a script needs a trainer to run in")
        }
        let box = LuaRun(run, model(of: trainer))
        box.model.run = box
        try box.model.state.initialize()
        weights.claim(box.model)
        hostRuns.removeAll { $0.run == nil }
        hostRuns.append(WeakRun(run: box))
        return box
    }
}
