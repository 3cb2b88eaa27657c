import Glibc
import Synchronization

/// Standard output, as far as the progress bar cares.
public enum Terminal {
    /// Whether standard output is a terminal.
    public static var isInteractive: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Columns of the terminal; 80 where there is none.
    public static var width: Int {
        var size = winsize()
        guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// Writes at once, in order with what C code and scripts print.
    public static func write(_ text: String) {
        guard !text.isEmpty else { return }
        isWithinLine.store(!text.hasSuffix("\n"), ordering: .relaxed)
        print(text, terminator: "")
        fflush(nil)
    }

    /// Ends the line of a progress bar that is not complete, so that other text begins on a line of its own.
    public static func beginLine() {
        if isWithinLine.load(ordering: .relaxed) { write("\n") }
    }

    /// Whether the last text written here did not end its line.
    private static let isWithinLine = Atomic<Bool>(false)
}
