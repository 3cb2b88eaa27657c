internal import PeriluneLuaRuntime
internal import PeriluneTrain

/// A file as a callback of the script that loaded it, with globals of its own.
final class ScriptCallback: Callback {
    private let source: CallbackSource

    init(path: String, reloads: Bool, in state: LuaState) throws {
        // The state owns this object, and must not be kept alive by it.
        source = try CallbackSource(name: path, path: path, reloads: reloads) { [weak state] before in
            guard let state else { throw LuaError(.closed, "the Lua state is closed") }
            let chunk = try state.load(path: path, environment: .own)
            return try LoadedCallbacks(
                running: chunk, globals: chunk.environment ?? state.globals, name: path, after: before, in: state)
        }
    }

    private var callback: any Callback { source.loaded.callback }

    var name: String { source.name }
    var identity: CallbackIdentity { .file(kind: "script", source.name) }
    var hosted: [any Callback] { [callback] }
    var savedState: StateValue { get throws { try source.loaded.savedState } }
    var events: EventSet { callback.events }
    func enter(_ run: Run) throws { try source.enter(run) }
    func prepare(for run: Run) throws { try callback.prepare(for: run) }
    func leave(_ run: Run) { source.leave(run) }
    func refresh(for run: Run) -> Bool { source.refresh(for: run) }
    func restore(_ state: StateValue, in run: Run) throws { try source.loaded.restore(state, in: run) }
    func restoreAverage(_ state: StateValue, in run: Run) throws { try source.loaded.restoreAverage(state, in: run) }
    func handle(_ event: Event, _ context: EventContext) throws -> Directive? { try callback.handle(event, context) }
    func place(_ name: String, _ event: Event) -> ScriptPlace? { source.place(name, event) }
}
