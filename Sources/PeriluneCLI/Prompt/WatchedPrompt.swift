import Perilune

/// A prompt whose lines Ctrl-C stops: the line ends with an error, and the next one can be typed.
final class WatchedPrompt: PromptTarget {
    private let prompt: Prompt
    /// The status to end with, where a signal asked the program to end.
    private(set) var endStatus: ExitStatus?

    init(_ prompt: Prompt) {
        self.prompt = prompt
    }

    func evaluate(_ text: String) -> PromptOutcome {
        // The window may have another size by now.
        prompt.style = TerminalStyle.current
        let watch = SignalWatch(prompt.state)
        let outcome = prompt.evaluate(text)
        watch.end()
        prompt.state.endInterrupt()
        guard watch.exitStatus == .terminated else { return outcome }
        endStatus = .terminated
        return .left
    }

    func completions(of line: String) -> PromptCompletions { prompt.completions(of: line) }
}
