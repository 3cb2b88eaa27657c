import Glibc

/// Where remarks for the user go by default.
package enum StandardError {
    /// Writes `line` and a line end, as far as that is possible.
    package static func write(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
