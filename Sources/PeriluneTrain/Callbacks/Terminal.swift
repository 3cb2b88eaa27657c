import Glibc

/// Standard output, as far as the progress bar cares.
public enum Terminal {
    /// Whether standard output is a terminal.
    public static var isInteractive: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Columns of the terminal; 80 where there is none.
    public static var width: Int {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// Writes at once, in order with what C code and scripts print.
    public static func write(_ text: String) {
        print(text, terminator: "")
        fflush(nil)
    }
}
