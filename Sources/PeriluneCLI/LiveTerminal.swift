import Glibc
import Perilune

/// The live prompt at the terminal of this program.
final class LiveTerminal {
    private let state: LuaState
    private var hasHiddenKeys = false

    /// - Returns: nil where there is no terminal to type at and to read from.
    init?(_ state: LuaState) {
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { return nil }
        self.state = state
    }

    /// Shows where the run is and lets a person look, change and decide.
    func open(_ interruption: Interruption, _ watch: SignalWatch) -> InterruptDecision {
        let live = LivePrompt(state, output: Standard.write)
        live.open(interruption)
        show(interruption.summary(position: live.position) + "\n" + LivePrompt.hint + "\n")
        let isOver = read(live.prompt, prompt: "run> ", watch)
        if let decision = live.decision { return decision }
        if isOver { return .stop }
        // The end of the input decides nothing.
        Standard.write("continue\n")
        return .resume
    }

    /// A prompt where a script that does not train says `lune.prompt()`.
    func open(_ watch: SignalWatch) {
        let prompt = Prompt(state, output: Standard.write)
        prompt.commands.append(
            PromptCommand("continue", help: "Leave the prompt: the script goes on.") { _, _ in .left })
        let line = prompt.state.scriptPosition
        show("breakpoint" + (line.isEmpty ? "" : " at " + line.dropLast(2)) + "\ncontinue goes on\n")
        _ = read(prompt, prompt: "> ", watch)
    }

    /// Whether the terminal shows `^C` for the key, which would spoil the progress bar.
    func hidesKeys(_ isHiding: Bool) {
        var settings = termios()
        // A program in the background would be stopped for touching the terminal.
        guard tcgetpgrp(STDIN_FILENO) == getpgrp(), tcgetattr(STDIN_FILENO, &settings) == 0 else { return }
        let flag = tcflag_t(ECHOCTL)
        if isHiding, settings.c_lflag & flag != 0 {
            hasHiddenKeys = true
            settings.c_lflag &= ~flag
        } else if !isHiding, hasHiddenKeys {
            hasHiddenKeys = false
            settings.c_lflag |= flag
        } else {
            return
        }
        tcsetattr(STDIN_FILENO, TCSADRAIN, &settings)
    }

    private func show(_ text: String) {
        Terminal.beginLine()
        Standard.write(text)
    }

    /// Reads and carries out lines.
    /// - Returns: whether a signal asked the program to end meanwhile.
    private func read(_ prompt: Prompt, prompt mark: String, _ watch: SignalWatch) -> Bool {
        watch.prompting {
            let lines = WatchedLines(StandardEditor.shared, watch)
            _ = PromptLoop(target: LiveTarget(prompt, watch), editor: lines, prompt: { mark }).run()
        }
        return watch.exitStatus == .terminated
    }
}

/// Carries out what is typed at a live prompt; Ctrl-C stops that and nothing else.
private final class LiveTarget: PromptTarget {
    private let prompt: Prompt
    private let watch: SignalWatch

    init(_ prompt: Prompt, _ watch: SignalWatch) {
        self.prompt = prompt
        self.watch = watch
    }

    func evaluate(_ text: String) -> PromptOutcome {
        // The window may have another size by now.
        prompt.style = TerminalStyle.current
        let outcome = prompt.evaluate(text)
        watch.forgetInterrupt()
        return outcome
    }

    func completions(of line: String) -> PromptCompletions { prompt.completions(of: line) }
}

/// Lines of an editor, until a signal asks the program to end.
private final class WatchedLines: LineEditor {
    private let editor: any LineEditor
    private let watch: SignalWatch

    init(_ editor: any LineEditor, _ watch: SignalWatch) {
        self.editor = editor
        self.watch = watch
    }

    var complete: ((String) -> PromptCompletions)? {
        get { editor.complete }
        set { editor.complete = newValue }
    }

    func readLine(_ prompt: String) -> LineInput {
        guard watch.exitStatus != .terminated else { return .end }
        let input = editor.readLine(prompt)
        return watch.exitStatus == .terminated ? .end : input
    }

    func remember(_ input: String) { editor.remember(input) }
}
