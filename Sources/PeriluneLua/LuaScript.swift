public import PeriluneTrain

/// A Lua script that steers a run of a Swift program: its global functions `on_epoch_end`, … are callbacks.
///
/// ```swift
/// let script = try LuaScript(contentsOf: "callbacks.lua")
/// script.register("notify") { arguments in print(arguments); return [] }
/// try trainer.fit(train, epochs: 20, validation: validation, callbacks: [script])
/// print(script["best_epoch"])
/// ```
/// A script has an interpreter of its own. It belongs to the thread that uses it.
public final class LuaScript: Callback {
    /// What messages call the script.
    public let name: String
    /// The interpreter, for a host that wants more than values and functions.
    public let state: LuaState
    private let callback: LuaCallback
    private let functions: [Event: LuaFunction]

    /// Loads and runs a script file.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - globals: values that the script's own statements may use already.
    /// - Throws: `LuaError` where the file cannot be read or parsed, its statements fail, or a global `on_…` is no event.
    public convenience init(contentsOf path: String, globals: [String: LuaValue] = [:]) throws(LuaError) {
        try self.init(name: path, globals: globals) { (state) throws(LuaError) in
            state.addModuleDirectory(Self.directory(of: path))
            return try state.load(path: path)
        }
    }

    /// Loads and runs a script from text. `name` is what messages call it.
    public convenience init(
        source: String, name: String = "script", globals: [String: LuaValue] = [:]
    ) throws(LuaError) {
        try self.init(name: name, globals: globals) { (state) throws(LuaError) in
            try state.load(text: source, name: name, isFile: true)
        }
    }

    private init(
        name: String, globals: [String: LuaValue], load: (LuaState) throws(LuaError) -> LuaChunk
    ) throws(LuaError) {
        self.name = name
        state = try LuaState()
        try PeriluneModule.install(in: state)
        for (key, value) in globals { state[global: key] = value }
        try load(state).run()
        // Run, model and the like are classes of the module, whether or not the script asks for it.
        _ = PeriluneModule.table(in: state)
        do {
            functions = try CallbackTables.functions(of: state.globals.entries, name, isScript: true, mayBeEmpty: true)
        } catch {
            throw LuaError(.runtime, "\(error)", script: name, underlying: error)
        }
        callback = LuaCallback(name: name, functions: functions)
    }

    private static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}

// What the script leaves, and what the host gives it.
extension LuaScript {
    /// A global variable of the script.
    public subscript(name: String) -> LuaValue {
        get { state[global: name] }
        set { state[global: name] = newValue }
    }

    /// Gives the script a function of the host. What `body` throws is an error at the script's line that called.
    public func register(_ name: String, _ body: @escaping ([LuaValue]) throws -> [LuaValue]) {
        state[global: name] = .function(state.makeFunction { call in try body(call.arguments) })
    }

    /// Gives the script a procedure of the host, which returns nothing.
    public func register(_ name: String, _ body: @escaping ([LuaValue]) throws -> Void) {
        state[global: name] = .function(
            state.makeFunction { call in
                try body(call.arguments)
                return []
            })
    }

    /// Calls a global function of the script.
    /// - Throws: `LuaError`, also where there is no function of that name.
    @discardableResult
    public func call(_ name: String, _ arguments: LuaValue...) throws(LuaError) -> [LuaValue] {
        guard let function = state[global: name].function else {
            throw LuaError(.runtime, "\(self.name) has no function '\(name)'", script: self.name)
        }
        return try function.call(arguments)
    }

    /// The events that the script listens to.
    public var events: [Event] { Event.allCases.filter { functions[$0] != nil } }
}

// The callback.
extension LuaScript {
    public func listens(to event: Event) -> Bool { callback.listens(to: event) }

    public func prepare(for run: Run) throws {
        if run.isTraining, let trainer = run.trainer { try state.seedRandom(trainer.seed) }
        try callback.prepare(for: run)
    }

    public func handle(_ event: Event, _ context: EventContext) throws -> Directive? {
        do {
            return try callback.handle(event, context)
        } catch let error as LuaError {
            throw error
        } catch let error as TrainingError where error.code == .interrupted {
            throw error
        } catch {
            // A bad directive, or a value that logs do not take: say where the function is that gave it.
            let place = callback.place(name, event)
            throw LuaError(
                .host, (place?.prefix ?? "") + "\(error)", script: place?.script ?? name, line: place?.line,
                underlying: error)
        }
    }
}
