import Glibc
import Perilune

/// What the terminal can show.
enum TerminalStyle {
    static var isDumb: Bool { ["dumb", nil].contains("TERM".environmentValue) }
}
