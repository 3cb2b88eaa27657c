internal import PeriluneTrain

/// A run in progress as scripts see it.
final class LuaRun {
    let run: Run
    let model: LuaModel
    /// Callbacks that scripts added while it went on.
    var added: [any Callback] = []
    init(_ run: Run, _ model: LuaModel) {
        self.run = run
        self.model = model
    }
}

extension Session {
    /// The object by which scripts know `run`; nil where a host started it.
    func known(_ run: Run) -> LuaRun? { runs.last { $0.run === run } }
}
