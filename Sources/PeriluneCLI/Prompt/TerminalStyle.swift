import Glibc
import Perilune

/// What the terminal at standard output can show.
enum TerminalStyle {
    /// Whether the terminal takes nothing but lines of text, as the environment tells.
    static var isDumb: Bool { ["dumb", nil].contains("TERM".environmentValue) }

    /// The style for a prompt: colours where a terminal has them and `NO_COLOR` is not set.
    static var current: PromptStyle {
        let isTerminal = isatty(STDOUT_FILENO) == 1
        let size = size
        return PromptStyle(
            hasColors: isTerminal && !isDumb && "NO_COLOR".environmentValue == nil, isUnicode: isUnicode,
            showsNumbers: isTerminal, width: size.columns, height: size.rows)
    }

    /// Whether text beyond ASCII can be shown. Containers set no locale at all, and their terminals show it all the
    /// same.
    private static var isUnicode: Bool {
        guard "TERM".environmentValue != "dumb" else { return false }
        let names = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap(\.environmentValue)
        guard let locale = names.first?.lowercased() else { return true }
        return locale.contains("utf-8") || locale.contains("utf8")
    }

    private static var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return (80, 24)
        }
        return (max(20, Int(size.ws_col)), Int(size.ws_row))
    }
}
