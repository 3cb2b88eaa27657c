import Glibc

/// Reads text without Foundation, which would cost more time to load than a short script runs.
enum TextFile {
    /// The content of a file, or nil where it cannot be read.
    static func read(_ path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        return read(file)
    }

    static func readStandardInput() -> String {
        guard let file = fdopen(dup(STDIN_FILENO), "r") else { return "" }
        defer { fclose(file) }
        return read(file)
    }

    private static func read(_ file: UnsafeMutablePointer<FILE>) -> String {
        var bytes: [UInt8] = []
        while true {
            let chunk = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
                count = fread(buffer.baseAddress, 1, buffer.count, file)
            }
            if chunk.isEmpty { return String(decoding: bytes.withoutMark, as: UTF8.self) }
            bytes += chunk
        }
    }
}

extension [UInt8] {
    /// UTF-8 without the byte-order mark that some editors put in front.
    var withoutMark: ArraySlice<UInt8> { starts(with: [0xEF, 0xBB, 0xBF]) ? dropFirst(3) : self[...] }
}
