import Perilune

/// A prompt whose lines signals stop. At a terminal Ctrl-C ends the line with an error and the next one can be typed;
/// where lines come from a pipe it ends the program, as SIGTERM does everywhere.
final class WatchedPrompt: PromptTarget {
    private let prompt: Prompt
    /// The status to end with, where a signal asked the program to end.
    private(set) var endStatus: ExitStatus?

    private let isTerminal: Bool

    init(_ prompt: Prompt, isTerminal: Bool) {
        self.prompt = prompt
        self.isTerminal = isTerminal
    }

    func evaluate(_ text: String) -> PromptOutcome {
        // The window may have another size by now.
        prompt.style = TerminalStyle.current
        let watch = SignalWatch(prompt.state)
        let outcome = prompt.evaluate(text)
        watch.end()
        prompt.state.endInterrupt()
        guard let status = watch.exitStatus, status == .terminated || !isTerminal else { return outcome }
        endStatus = status
        return .left
    }

    func completions(of line: String) -> PromptCompletions { prompt.completions(of: line) }
}
