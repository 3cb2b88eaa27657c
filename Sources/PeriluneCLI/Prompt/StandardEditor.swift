/// The editor of this program: prompts that open one within the other share it, and with it the history.
enum StandardEditor {
    // Only the thread that runs scripts reads lines.
    nonisolated(unsafe) static let shared: any LineEditor = EditedLines(history: .standard) ?? PlainLines()
}
