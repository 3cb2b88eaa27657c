import Perilune

/// Runs one script from start to end.
struct ScriptRunner {
    var source: ScriptSource
    var arguments: [String] = []
    /// Files of callbacks that take part in every fit of the script.
    var callbackFiles: [CallbackFile] = []
    /// How far the script is trusted, and what it may use.
    var sandbox = Sandbox()
    /// The prompt that opens after the script, whichever way it ended.
    var prompt = PromptAfter.none
    /// Whether others may attach to the fits of the script, and of the prompt after it.
    var mayAttach = false
    /// Where fits go on from that do not say so themselves.
    var resume: String?

    enum PromptAfter: Hashable {
        case none
        case opens(readsInit: Bool)
    }

    /// Runs the script; its error goes to standard error with the traceback.
    ///
    /// - Throws: the `ExitStatus` to end with, where that is not success.
    func run() throws(ExitStatus) {
        let state = try makeState()
        try loadCallbacks(into: state)
        // Also to what is typed afterwards.
        let attached = mayAttach ? AttachedRun(state, script: source.name) : nil
        defer { attached?.end() }
        guard case .opens(let readsInit) = prompt else { return try run(in: state) }
        do {
            try run(in: state)
        } catch .terminated {
            throw .terminated
        } catch {
            // The message has been shown; now one can look at what there is.
        }
        try PromptSession(state, readsInit: readsInit).run()
    }

    private func run(in state: LuaState) throws(ExitStatus) {
        let watch = SignalWatch(state)
        defer { watch.end() }
        do {
            try source.load(into: state).run(arguments.map { .string($0) })
        } catch {
            if let status = watch.exitStatus {
                Standard.error("perilune: \(error.message.withoutControls)")
                throw status
            }
            Standard.error("perilune: \(error.report.withoutControls)")
            throw .failure
        }
        if let status = watch.exitStatus { throw status }
    }

    /// Loads the files of callbacks: what is wrong with one shows before the script does any work.
    private func loadCallbacks(into state: LuaState) throws(ExitStatus) {
        do {
            for file in callbackFiles { state.runHooks.scripts.append(try file.load()) }
        } catch {
            Standard.error("perilune: \(error.report.withoutControls)")
            throw .failure
        }
    }

    /// A state with everything a script may expect.
    private func makeState() throws(ExitStatus) -> LuaState {
        do {
            let state = try LuaState(profile: sandbox.profile, limits: sandbox.limits, access: sandbox.access)
            state.setArguments(script: source.name, arguments)
            if let directory = source.directory { state.addModuleDirectory(directory) }
            try PeriluneModule.install(in: state)
            state.runHooks.resume = resume
            return state
        } catch {
            Standard.error("perilune: \(error)")
            throw .failure
        }
    }
}
