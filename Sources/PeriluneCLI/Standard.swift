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
        var text = line.hasSuffix("\n") ? line : line + "\n"
        text.withUTF8 { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let written = write(STDERR_FILENO, rest.baseAddress, rest.count)
                guard written > 0 else { return }
                rest = rest.dropFirst(written)
            }
        }
    }
}

extension Slice where Base == UnsafeBufferPointer<UInt8> {
    fileprivate var baseAddress: UnsafeRawPointer? {
        base.baseAddress.map { UnsafeRawPointer($0 + startIndex) }
    }
}
