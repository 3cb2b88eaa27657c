import Glibc

/// The standard streams, through C's buffers: a script's `print` and the program's own lines keep their order.
enum Standard {
    /// Writes a line to standard output.
    static func output(_ line: String) {
        print(line.hasSuffix("\n") ? String(line.dropLast()) : line)
    }

    /// Writes a line to standard error, after what went to standard output before.
    static func error(_ line: String) {
        fflush(nil)
        write(line.hasSuffix("\n") ? line : line + "\n", to: STDERR_FILENO)
    }

    /// Writes text to standard output at once, in order with what scripts print.
    static func write(_ text: String) {
        fflush(nil)
        write(text, to: STDOUT_FILENO)
    }

    /// Writes text to an open file. Tells whether all of it could be written.
    @discardableResult
    static func write(_ text: String, to file: Int32) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let written = Glibc.write(file, rest.baseAddress, rest.count)
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { return false }
                rest = rest.dropFirst(written)
            }
            return true
        }
    }
}

extension Slice where Base == UnsafeBufferPointer<UInt8> {
    fileprivate var baseAddress: UnsafeRawPointer? {
        base.baseAddress.map { UnsafeRawPointer($0 + startIndex) }
    }
}
