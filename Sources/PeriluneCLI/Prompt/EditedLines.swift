import CEditBridge
import Glibc
import Perilune

/// Lines that a person edits on a terminal, with history and Tab completion: libedit.
final class EditedLines: LineEditor {
    var complete: ((String) -> PromptCompletions)?
    private var editor: OpaquePointer?
    private let history: HistoryFile?
    /// The line that was remembered last: a repeated one is remembered once.
    private var last: String?

    /// An editor on the terminal at standard input and output; nil where it cannot be edited on.
    init?(history: HistoryFile?) {
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1, !TerminalStyle.isDumb else { return nil }
        self.history = history
        let host = Unmanaged.passUnretained(self).toOpaque()
        editor = perilune_edit_open("perilune", host, completeLine, Int32(HistoryFile.capacity))
        guard let editor else { return nil }
        for line in history?.lines() ?? [] { perilune_edit_remember(editor, line) }
    }

    deinit {
        if let editor { perilune_edit_close(editor) }
    }

    func readLine(_ prompt: String) -> LineInput {
        guard let editor else { return .end }
        // What scripts printed comes first.
        fflush(nil)
        var line: UnsafePointer<CChar>?
        var length = 0
        let result = prompt.withCString { perilune_edit_read(editor, $0, &line, &length) }
        switch result {
        case PERILUNE_EDIT_LINE:
            return .line(String(decoding: UnsafeRawBufferPointer(start: line, count: length), as: UTF8.self))
        case PERILUNE_EDIT_INTERRUPTED: return .interrupted
        default:
            Standard.write("\n")
            return .end
        }
    }

    func remember(_ input: String) {
        guard let editor else { return }
        for line in HistoryFile.lines(of: input) where line != last {
            last = line
            perilune_edit_remember(editor, line)
            history?.append(line)
        }
    }

    /// Tab: writes what is certain, or lists what there is to choose from.
    fileprivate func complete(_ line: String) -> perilune_edit_action {
        guard let editor, let complete else { return PERILUNE_EDIT_NOTHING }
        // At the beginning of a line Tab indents.
        if line.allSatisfy({ $0 == " " }) {
            perilune_edit_replace(editor, 0, "  ")
            return PERILUNE_EDIT_CHANGED
        }
        let found = complete(line)
        guard let first = found.candidates.first else { return PERILUNE_EDIT_NOTHING }
        let common = found.candidates.dropFirst().reduce(first) { String($0.commonPrefix(with: $1)) }
        if common.unicodeScalars.count > found.word.unicodeScalars.count {
            perilune_edit_replace(editor, Int32(found.word.unicodeScalars.count), common)
            return PERILUNE_EDIT_CHANGED
        }
        guard found.candidates.count > 1 else { return PERILUNE_EDIT_NOTHING }
        Standard.write("\n" + CandidateList.text(found.candidates, width: Terminal.width))
        return PERILUNE_EDIT_WROTE
    }
}

private func completeLine(
    host: UnsafeMutableRawPointer?, editor: OpaquePointer?, line: UnsafePointer<CChar>?, length: Int
) -> perilune_edit_action {
    guard let host else { return PERILUNE_EDIT_NOTHING }
    let text = String(decoding: UnsafeRawBufferPointer(start: line, count: length), as: UTF8.self)
    return Unmanaged<EditedLines>.fromOpaque(host).takeUnretainedValue().complete(text)
}

extension String {
    fileprivate func commonPrefix(with other: String) -> Substring {
        var end = startIndex
        for (own, others) in zip(self, other) {
            guard own == others else { break }
            end = index(after: end)
        }
        return self[..<end]
    }
}
