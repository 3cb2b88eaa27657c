import Perilune

/// Reads inputs and hands them to what they are for, until that asks to leave or the input ends.
struct PromptLoop {
    let target: any PromptTarget
    let editor: any LineEditor
    /// What stands before a new input.
    var prompt: () -> String = { "> " }
    /// What stands before the lines that continue one.
    var continuation = ">> "

    /// How a loop ended.
    struct Ending: Hashable {
        /// Whether the target asked to leave; otherwise the input ended.
        var wasLeft = false
        /// How many inputs failed.
        var failures = 0
    }

    func run() -> Ending {
        let outer = editor.complete
        defer { editor.complete = outer }
        var ending = Ending()
        var input = ""
        // The lines before the one that is being typed say what it is about.
        editor.complete = { [target] line in target.completions(of: input.isEmpty ? line : input + "\n" + line) }
        while true {
            switch editor.readLine(input.isEmpty ? prompt() : continuation) {
            case .line(let line): input += input.isEmpty ? line : "\n" + line
            case .interrupted:
                input = ""
                continue
            case .end:
                guard !input.isEmpty else { return ending }
                Standard.error("perilune: the input ended in the middle of a statement")
                ending.failures += 1
                // Ctrl-D gives the statement up, and not the session; a pipe ends once more.
                input = ""
                continue
            }
            guard input.contains(where: { !$0.isWhitespace }) else {
                input = ""
                continue
            }
            let outcome = target.evaluate(input)
            if outcome == .incomplete { continue }
            // `:quit` is of no use in the history.
            if outcome != .left || !input.hasPrefix(":") { editor.remember(input) }
            input = ""
            switch outcome {
            case .failed: ending.failures += 1
            case .left:
                ending.wasLeft = true
                return ending
            case .done, .incomplete: break
            }
        }
    }
}
