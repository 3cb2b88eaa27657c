internal import Glibc
internal import PeriluneTrain

/// A file whose global functions are the callback.
final class ScriptCallback: Callback, ScriptedCallback {
    private let path: String
    private let reloads: Bool
    private let callback: LuaCallback
    private let loadFunctions: () throws -> [Event: LuaFunction]
    private var stamp: Stamp

    /// What tells that a file was written to.
    private struct Stamp: Equatable {
        var seconds = 0
        var nanoseconds = 0
        var size = 0

        init(_ path: String) {
            var information = stat()
            guard unsafe stat(path, &information) == 0 else { return }
            seconds = information.st_mtim.tv_sec
            nanoseconds = information.st_mtim.tv_nsec
            size = Int(information.st_size)
        }
    }

    init(path: String, reloads: Bool, in state: LuaState) throws {
        self.path = path
        self.reloads = reloads
        stamp = Stamp(path)
        let functions = try Self.functions(path, state)
        callback = LuaCallback(name: path, functions: functions)
        let anchor = functions.values.first
        loadFunctions = {
            guard let state = anchor?.reference.state else { throw LuaError(.closed, "the Lua state is closed") }
            return try Self.functions(path, state)
        }
    }

    private static func functions(_ path: String, _ state: LuaState) throws -> [Event: LuaFunction] {
        let chunk = try state.load(path: path, environment: .own)
        try chunk.run()
        return try CallbackTables.functions(of: chunk.environment?.entries ?? [], path, isScript: true)
    }

    var name: String { path }

    /// A file that may be edited listens to whatever it may define later, and the beginning of epochs.
    func listens(to event: Event) -> Bool { callback.listens(to: event) || reloads && event == .epochBegin }

    func prepare(for run: Run) throws { try callback.prepare(for: run) }

    func handle(_ event: Event, _ context: EventContext) throws -> Directive? {
        if reloads, event == .epochBegin { reload(context.run) }
        return try callback.handle(event, context)
    }

    private func reload(_ run: Run) {
        let now = Stamp(path)
        guard now != stamp else { return }
        stamp = now
        do {
            let functions = try loadFunctions()
            callback.setFunctions(functions)
            run.say("\(path): read again")
        } catch {
            run.say("\(path): the edit is broken, the version before stays: \(error)")
        }
    }

    func place(_ name: String, _ event: Event) -> FunctionPlace? { callback.place(name, event) }
}
