import Glibc

/// The lines of earlier sessions: a text file, a line an input, newest last.
///
/// Several prompts may be open at once. Each adds its lines at the end, in one write that the others' cannot come
/// between; only who opens a file that has grown far past its bound writes it anew.
struct HistoryFile {
    /// How many lines are kept.
    static let capacity = 1000

    private let path: String

    init(path: String) {
        self.path = path
    }

    /// The file of this user: `$XDG_STATE_HOME/perilune/history`; nil where there is no home.
    static var standard: HistoryFile? {
        UserFolder.state.map { HistoryFile(path: $0 + "/history") }
    }

    /// The lines to bring back, each once, the newest last.
    func lines() -> [String] {
        guard let text = TextFile.read(path) else { return [] }
        let all = text.split(separator: "\n")
        var seen: Set<Substring> = []
        let kept = all.reversed().filter { seen.insert($0).inserted }.prefix(Self.capacity).reversed().map(String.init)
        if all.count > 4 * Self.capacity { rewrite(kept) }
        return kept
    }

    /// Adds a line. Where the file cannot be written nothing happens: history is a convenience.
    func append(_ line: String) {
        guard UserFolder.make(for: path) else { return }
        let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard file >= 0 else { return }
        defer { close(file) }
        Standard.write(line + "\n", to: file)
    }

    private func rewrite(_ lines: [String]) {
        let aside = path + ".\(getpid())"
        let file = open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { return }
        let isWhole = Standard.write(lines.map { $0 + "\n" }.joined(), to: file)
        close(file)
        if !isWhole || rename(aside, path) != 0 { unlink(aside) }
    }

    /// An input as history lines, which have no line ends within. Lines of a statement become one where that says the
    /// same, which is where no comment and no string runs up to the end of a line.
    static func lines(of input: String) -> [String] {
        let lines = input.split(separator: "\n").map { String($0) }.filter { $0.contains { !$0.isWhitespace } }
        let mayJoin = !lines.contains {
            $0.contains("--") || $0.contains("[[") || $0.contains("[=") || $0.hasSuffix("\\")
        }
        guard lines.count > 1, mayJoin else { return lines }
        return [lines.map { $0.trimmingBlanks }.joined(separator: " ")]
    }
}

extension String {
    fileprivate var trimmingBlanks: Substring {
        var rest = self[...]
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return rest
    }
}
