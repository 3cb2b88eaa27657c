internal import PeriluneLuaRuntime
public import PeriluneTrain

// A script that someone edits while it steers a run.
extension LuaScript {
    /// Whether the file is looked at before a run and before each of its epochs, and run again where it has changed.
    /// Functions for events may come and go with an edit. The script's global table `state` stays, and `self.state` of
    /// an instance that it returns. An edit that does not work leaves everything as it was, and the run's messages tell
    /// why, once. A script that was given as text has no file to look at.
    public var reloadsWhenChanged: Bool {
        get { source.reloads }
        set { source.reloads = newValue }
    }

    public func refresh(for run: Run) -> Bool { source.refresh(for: run) }

    /// Runs the script's statements. Where they fail, all globals are what they were.
    static func run(
        _ chunk: LuaChunk, name: String, in state: LuaState, after before: LoadedCallbacks?
    ) throws -> LoadedCallbacks {
        let globals = state.globals
        let kept = try globals.fields
        // What an edit has dropped must not go on being called.
        if before != nil { for name in Event.names { globals[name] = .nil } }
        do {
            let loaded = try LoadedCallbacks(
                running: chunk, globals: globals, name: name, mayBeEmpty: true, after: before, in: state)
            // Run, model and the like are classes of the module, whether or not the script asks for it.
            _ = PeriluneModule.table(in: state)
            return loaded
        } catch {
            for name in try globals.fieldNames { globals[name] = .nil }
            for (name, value) in kept { globals[name] = value }
            throw error
        }
    }
}
