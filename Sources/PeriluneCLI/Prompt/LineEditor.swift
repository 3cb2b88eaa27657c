import Perilune

/// Where a prompt gets its lines from.
protocol LineEditor: AnyObject {
    /// Finds what may be written at the end of a line, for Tab. Set by the loop that reads.
    var complete: ((String) -> PromptCompletions)? { get set }

    /// Shows `prompt` and reads a line.
    func readLine(_ prompt: String) -> LineInput

    /// Keeps an input, one or more lines, so that it can be brought back.
    func remember(_ input: String)
}

/// What reading a line gave.
enum LineInput: Hashable {
    /// The line, without its end.
    case line(String)
    /// Ctrl-C: what was typed is given up.
    case interrupted
    /// The input has ended: Ctrl-D, or the end of a pipe.
    case end
}
