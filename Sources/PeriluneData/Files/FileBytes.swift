import Glibc

/// Whole files as bytes, unpacked where they are gzipped.
package enum FileBytes {
    /// The content of the file at `path`; gzip is recognised by its first bytes, not by the name.
    ///
    /// - Throws: `DataError` where the file cannot be read, or is a broken gzip file; what `request` throws.
    package static func read(_ path: String, request: MemoryRequest = { _ in }) throws -> [UInt8] {
        let bytes = try readRaw(path, request: request)
        if bytes.starts(with: [0x1F, 0x8B]) { return try Gzip.unpack(bytes, file: path, request: request) }
        if path.hasSuffix(".gz"), !bytes.isEmpty {
            throw DataError(.malformed, "is named .gz but is not a gzip file", file: path)
        }
        return bytes
    }

    /// Whether a file is neither a regular one nor a folder, so that reading it may never end.
    package static func isEndless(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
    }

    package static func readRaw(_ path: String, request: MemoryRequest = { _ in }) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure(path) }

        // One byte more than the file has, so that the end is seen without growing; a pipe has no size and grows.
        try request(Int(status.st_size))
        var bytes = [UInt8](repeating: 0, count: max(Int(status.st_size) + 1, 64 * 1024))
        var filled = 0
        while true {
            if filled == bytes.count {
                try request(2 * bytes.count)
                bytes.append(contentsOf: repeatElement(0, count: bytes.count))
            }
            let got = bytes.withUnsafeMutableBytes { buffer in
                Glibc.read(descriptor, buffer.baseAddress! + filled, buffer.count - filled)
            }
            if got == 0 { break }
            if got < 0 {
                if errno == EINTR { continue }
                throw failure(path)
            }
            filled += got
        }
        bytes.removeLast(bytes.count - filled)
        return bytes
    }

    private static func failure(_ path: String) -> DataError {
        let code = errno
        return DataError(.unreadable, "cannot be read: \(String(cString: strerror(code)))", file: path)
    }
}
