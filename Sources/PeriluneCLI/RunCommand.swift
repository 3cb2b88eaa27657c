import ArgumentParser

/// `perilune [run] SCRIPT [ARGUMENT ...]`
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a script. May be left out: `perilune SCRIPT` does the same.",
        discussion: "The script finds its arguments in `...` and in the table `arg`.")

    // Code may begin with a hyphen: a comment does.
    @Option(
        name: .customShort("e"), parsing: .unconditional,
        help: ArgumentHelp("Run this code in place of a script.", valueName: "code"))
    var code: String?

    @OptionGroup(title: "Resuming")
    var resume: ResumeOptions

    @OptionGroup(title: "Callbacks")
    var callbacks: CallbackOptions

    @OptionGroup(title: "Sandbox")
    var sandbox: SandboxOptions

    @Flag(name: .customShort("i"), help: "Open the prompt once the script has ended, also after an error in it.")
    var staysInPrompt = false

    @Flag(name: .customLong("no-init"), help: "With -i: leave out the user's init.lua.")
    var leavesOutInit = false

    @OptionGroup(title: "Attaching")
    var attach: AttachOptions

    @Argument(
        parsing: .captureForPassthrough,
        help: ArgumentHelp("The script, or - for standard input, and its arguments.", valueName: "script"))
    var words: [String] = []

    func run() throws {
        var words = words[...]
        var (callbacks, resume) = (callbacks, resume)
        // Where a script comes first the parser hands on everything; where a lone `--` stands before it, that too.
        let isLiteral = words.first == "--"
        if isLiteral { words = words.dropFirst() }
        let source: ScriptSource
        if let code {
            source = .code(code, name: "(command line)")
        } else if let script = words.popFirst() {
            guard isLiteral || script == "-" || !script.hasPrefix("-") else {
                throw ValidationError("Unknown option '\(script)'.")
            }
            source = .init(argument: script)
            while ["--callbacks", "--resume"].contains(words.first) {
                try callbacks.take(from: &words)
                try resume.take(from: &words)
            }
        } else if staysInPrompt {
            return try PromptSession(readsInit: !leavesOutInit).run(mayAttach: !attach.isOff)
        } else {
            throw ValidationError("There is no script to run.")
        }
        try sandbox.check(bindsCallbacks: !callbacks.files.isEmpty && !callbacks.trustCallbacks)
        try ScriptRunner(
            source: source, arguments: Array(words), callbackFiles: callbacks.callbackFiles(sandbox),
            sandbox: sandbox.sandbox, prompt: staysInPrompt ? .opens(readsInit: !leavesOutInit) : .none,
            mayAttach: !attach.isOff, resume: resume.path
        ).run()
    }
}
