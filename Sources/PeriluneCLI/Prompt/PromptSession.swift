import Glibc
import Perilune

/// The prompt of `perilune repl`, from the first line to the last.
struct PromptSession {
    let state: LuaState

    /// Whether the user's init file is run first.
    let readsInit: Bool

    /// A session in a state that a script has run in.
    init(_ state: LuaState, readsInit: Bool) {
        self.state = state
        self.readsInit = readsInit
    }

    /// A session in a new state.
    init(readsInit: Bool) throws(ExitStatus) {
        do {
            state = try LuaState()
            state.setArguments(script: "perilune", [])
            state.addModuleDirectory(".")
            try PeriluneModule.install(in: state)
        } catch {
            Standard.error("perilune: \(error)")
            throw .failure
        }
        self.readsInit = readsInit
    }

    /// A session of its own: reads and carries out lines until the person leaves.
    ///
    /// - Parameter mayAttach: whether others may attach to the fits that are typed.
    /// - Throws: the `ExitStatus` to end with, where that is not success.
    func run(mayAttach: Bool) throws(ExitStatus) {
        let attached = mayAttach ? AttachedRun(state, script: "(prompt)") : nil
        defer { attached?.end() }
        try run()
    }

    /// Reads and carries out lines until the person leaves.
    ///
    /// - Throws: the `ExitStatus` to end with, where that is not success.
    func run() throws(ExitStatus) {
        let isTerminal = isatty(STDIN_FILENO) == 1
        // A person who stops a line that has just ended must not lose the session.
        let ignored = isTerminal ? IgnoredInterrupts() : nil
        defer { ignored?.end() }
        defineModule()
        if readsInit { runInit() }
        let prompt = Prompt(state, output: { Standard.write($0) })
        if !isTerminal { prompt.errorOutput = { Standard.error($0) } }
        if isTerminal { Standard.write(Self.banner) }
        let target = WatchedPrompt(prompt, isTerminal: isTerminal)
        let ending = PromptLoop(target: target, editor: StandardEditor.shared).run()
        if let status = target.endStatus { throw status }
        if !isTerminal, ending.failures > 0 { throw .failure }
    }

    private static var banner: String {
        "\(PeriluneCommand.version), Lua 5.4. Type ? for help, :quit or Ctrl-D to leave.\n"
    }

    /// At the prompt `lune` is there from the start.
    private func defineModule() {
        if state[global: "lune"].isNil { state[global: "lune"] = .table(PeriluneModule.table(in: state)) }
    }

    /// Runs `init.lua` of the user's configuration folder, where there is one.
    private func runInit() {
        guard let path = UserFolder.configuration.map({ $0 + "/init.lua" }), access(path, R_OK) == 0 else { return }
        do {
            try state.load(path: path).run()
        } catch {
            Standard.error("perilune: \(error.report)")
        }
    }
}
