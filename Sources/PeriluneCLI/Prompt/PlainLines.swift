import CEditBridge
import Glibc
import Perilune

/// Lines from standard input as they come: of a pipe, or of a terminal that cannot be edited on.
final class PlainLines: LineEditor {
    var complete: ((String) -> PromptCompletions)?
    /// Whether a person is there to see a prompt.
    private let isTerminal = isatty(STDIN_FILENO) == 1

    /// A byte-order mark may stand before the first line.
    private var isFirst = true

    func readLine(_ prompt: String) -> LineInput {
        guard isTerminal else { return next(nil) }
        fflush(nil)
        let watch = IgnoredInterrupts()
        defer { watch.end() }
        let input = prompt.withCString { next($0) }
        // Ctrl-C, Ctrl-D: what follows begins on a line of its own.
        if input == .interrupted || input == .end { Standard.write("\n") }
        return input
    }

    func remember(_ input: String) {}

    /// Reads through C's buffer, which `io.read` of a script reads from as well.
    private func next(_ prompt: UnsafePointer<CChar>?) -> LineInput {
        var text: UnsafeMutablePointer<CChar>?
        var length = 0
        defer { free(text) }
        switch perilune_edit_read_plain(prompt, &text, &length) {
        case PERILUNE_EDIT_LINE:
            defer { isFirst = false }
            let bytes = [UInt8](UnsafeRawBufferPointer(start: text, count: length))
            return .line(String(decoding: isFirst ? bytes.withoutMark : bytes[...], as: UTF8.self))
        case PERILUNE_EDIT_INTERRUPTED: return .interrupted
        default: return .end
        }
    }
}
