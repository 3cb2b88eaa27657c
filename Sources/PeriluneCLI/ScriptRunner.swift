import Perilune

/// Runs one script from start to end.
struct ScriptRunner {
    var source: ScriptSource
    var arguments: [String] = []
    /// Files of callbacks that take part in every fit of the script.
    var callbackScripts: [String] = []
    /// How far the script is trusted, and what it may use.
    var sandbox = Sandbox()

    /// Runs the script; its error goes to standard error with the traceback.
    ///
    /// - Throws: the `ExitStatus` to end with, where that is not success.
    func run() throws(ExitStatus) {
        let state = try makeState()
        let watch = SignalWatch(state)
        defer { watch.end() }
        do {
            try source.load(into: state).run(arguments.map { .string($0) })
        } catch {
            if let status = watch.exitStatus {
                Standard.error("perilune: \(error.message)")
                throw status
            }
            Standard.error("perilune: \(error.report)")
            throw .failure
        }
        if let status = watch.exitStatus { throw status }
    }

    /// A state with everything a script may expect.
    private func makeState() throws(ExitStatus) -> LuaState {
        do {
            let state = try LuaState(profile: sandbox.profile, limits: sandbox.limits, access: sandbox.access)
            state.setArguments(script: source.name, arguments)
            if let directory = source.directory { state.addModuleDirectory(directory) }
            try PeriluneModule.install(in: state)
            state.runHooks.callbackScripts = callbackScripts
            return state
        } catch {
            Standard.error("perilune: \(error)")
            throw .failure
        }
    }
}
