public import PeriluneLuaRuntime
public import PeriluneTrain

/// A Lua script that steers a run of a Swift program: its global functions `on_epoch_end`, … are callbacks.
///
/// ```swift
/// let script = try LuaScript(contentsOf: "callbacks.lua")
/// script.register("notify") { arguments in print(arguments); return [] }
/// try trainer.fit(train, epochs: 20, validation: validation, callbacks: [script])
/// print(script["best_epoch"])
/// ```
/// A script has an interpreter of its own. It belongs to the thread that uses it. Unless the host says otherwise it
/// runs in the strict profile, with limits of memory and time.
public final class LuaScript: Callback {
    /// What messages call the script.
    public let name: String
    /// The interpreter, for a host that wants more than values and functions.
    public let state: LuaState
    let source: CallbackSource
    /// A value that could not be set, until it is told.
    private var fault: LuaError?

    /// Loads and runs a script file.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - profile: how far the script is trusted. A strict one finds no modules beside it.
    ///   - limits: what it may use, its own statements and each event; nil for what is usual in the profile.
    ///   - access: which files its functions may touch; nil for what is usual in the profile.
    ///   - reloadsWhenChanged: whether the file is read again while a run goes on; see the property.
    ///   - globals: values that the script's own statements may use already.
    /// - Throws: `LuaError` where the file cannot be read or parsed, its statements fail, or a global `on_…` is no
    ///   event.
    public convenience init(
        contentsOf path: String, profile: ScriptProfile = .strict, limits: ScriptLimits? = nil,
        access: FileAccess? = nil, reloadsWhenChanged: Bool = false,
        globals: [String: any LuaConvertible] = [:]
    ) throws(LuaError) {
        let state = try LuaState(profile: profile, limits: limits, access: access)
        state.addModuleDirectory(Self.directory(of: path))
        try self.init(name: path, path: path, state: state, globals: globals) { [unowned state] in
            try state.load(path: path)
        }
        self.reloadsWhenChanged = reloadsWhenChanged
    }

    /// Loads and runs a script from text. `name` is what messages call it; the rest is as for a file.
    public convenience init(
        source: String, name: String = "script", profile: ScriptProfile = .strict, limits: ScriptLimits? = nil,
        access: FileAccess? = nil, globals: [String: any LuaConvertible] = [:]
    ) throws(LuaError) {
        let state = try LuaState(profile: profile, limits: limits, access: access)
        try self.init(name: name, path: nil, state: state, globals: globals) { [unowned state] in
            try state.load(text: source, name: name, isFile: true)
        }
    }

    private init(
        name: String, path: String?, state: LuaState, globals: [String: any LuaConvertible],
        load: @escaping () throws -> LuaChunk
    ) throws(LuaError) {
        self.name = name
        self.state = state
        // Where no signal is free a script without a limit is not reached by `Interrupts.request(.stop)`.
        if state.timeLimit == nil { try? state.limitTime(LuaState.unreachableTime) }
        try PeriluneModule.install(in: state)
        for (key, value) in globals { try state.setGlobal(key, to: value) }
        do {
            source = try CallbackSource(name: name, path: path, reloads: false) { [unowned state] before in
                try Self.run(load(), name: name, in: state, after: before)
            }
        } catch let error as LuaError {
            throw error
        } catch {
            throw LuaError(.runtime, "\(error)", script: name, underlying: error)
        }
    }

    private static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}

// What the script leaves, and what the host gives it.
extension LuaScript {
    /// A global variable of the script. An object of a class that Lua does not know becomes a value that the script can
    /// keep and hand back, and do nothing else with. A table or function of another script is an error, which comes
    /// with the next call or run; `set` throws it at once.
    public subscript(name: String) -> LuaValue {
        get { state[global: name] }
        set {
            do { try state.setGlobal(name, to: newValue) } catch { fault = fault ?? error }
        }
    }

    /// Sets a global variable: a number, text, a list, a dictionary, a `LuaValue`.
    /// - Throws: `LuaError` for a table or function of another state, or where memory is out.
    public func set(_ name: String, _ value: some LuaConvertible) throws(LuaError) {
        try state.setGlobal(name, to: value)
    }

    /// Gives the script a function of the host. What `body` throws is an error at the script's line that called.
    ///
    /// The script keeps `body`, so it must not capture the script: the other form hands it over.
    /// - Parameter countsTime: whether its time counts against the limit of the script.
    public func register(
        _ name: String, countsTime: Bool = true, _ body: @escaping ([LuaValue]) throws -> [LuaValue]
    ) {
        state[global: name] = .function(
            state.makeFunction { call in
                let arguments = call.arguments
                return countsTime
                    ? try body(arguments) : try call.state.withClockStopped(forEvents: true) { try body(arguments) }
            })
    }

    /// Gives the script a procedure of the host, which returns nothing.
    @_disfavoredOverload
    public func register(_ name: String, countsTime: Bool = true, _ body: @escaping ([LuaValue]) throws -> Void) {
        register(name, countsTime: countsTime) { arguments -> [LuaValue] in
            try body(arguments)
            return []
        }
    }

    /// Gives the script a function of the host that uses the script itself, without keeping it alive.
    public func register(
        _ name: String, countsTime: Bool = true, _ body: @escaping (LuaScript, [LuaValue]) throws -> [LuaValue]
    ) {
        register(name, countsTime: countsTime) { [weak self] arguments -> [LuaValue] in
            guard let self else { throw LuaError(.closed, "the script is gone") }
            return try body(self, arguments)
        }
    }

    /// Calls a global function of the script.
    /// - Throws: `LuaError`, also where there is no function of that name.
    @discardableResult
    public func call(_ name: String, _ arguments: (any LuaConvertible)?...) throws(LuaError) -> [LuaValue] {
        try tellFault()
        guard let function = state[global: name].function else {
            throw LuaError(.runtime, "\(self.name) has no function '\(name)'", script: self.name)
        }
        var values: [LuaValue] = []
        for argument in arguments { values.append(try argument?.luaValue(in: state) ?? .nil) }
        return try function.call(values)
    }

    private func tellFault() throws(LuaError) {
        guard let fault else { return }
        self.fault = nil
        throw fault
    }

    /// The events that the script listens to.
    public var events: EventSet { callback.events }
}

// The callback.
extension LuaScript {
    private var callback: any Callback { source.loaded.callback }

    public var hosted: [any Callback] { [callback] }
    public var identity: CallbackIdentity { .file(kind: "script", name) }
    public func place(_ name: String, _ event: Event) -> ScriptPlace? { source.place(name, event) }

    public func restoreAverage(_ saved: StateValue, in run: Run) throws {
        try source.loaded.restoreAverage(saved, in: run)
    }

    public func enter(_ run: Run) throws {
        try tellFault()
        if run.isTraining, let trainer = run.trainer { try state.session.setSeed(trainer.fitSeed, in: state) }
        try source.enter(run)
    }

    public func prepare(for run: Run) throws { try callback.prepare(for: run) }
    public func leave(_ run: Run) { source.leave(run) }

    public var savedState: StateValue {
        get throws {
            guard case .record(var fields) = try source.loaded.savedState else { return .null }
            // The interpreter is the script's own, and so are its random numbers.
            fields["random"] = state.randomPosition
            return .record(fields)
        }
    }

    public func restore(_ saved: StateValue, in run: Run) throws {
        try source.loaded.restore(saved, in: run)
        if let random = saved["random"] { state.setRandomPosition(random) }
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
            let place = source.place(name, event)
            throw LuaError(
                .host, (place?.prefix ?? "") + "\(error)", script: place?.script ?? name, line: place?.line,
                underlying: error)
        }
    }
}
