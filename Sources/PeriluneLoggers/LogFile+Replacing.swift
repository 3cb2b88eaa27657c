import Glibc
import PeriluneTrain

// A file that is written anew, whole or not at all.
extension LogFile {
    /// The bytes that belong to the run.
    func contents() throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: length)
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeMutableBytes {
                unsafe pread(descriptor, $0.baseAddress! + done, $0.count - done, off_t(done))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("cannot read") }
            done += count
        }
        return bytes
    }

    /// Whether it can be written anew: a device or a pipe cannot.
    var isReplaceable: Bool {
        var there = stat()
        return unsafe fstat(descriptor, &there) == 0 && there.st_mode & S_IFMT == S_IFREG
    }

    /// Has these bytes in place of all that was there, with the same permissions. They are written beside it, synced
    /// and renamed, so that a process that is killed leaves the one or the other; the lock goes on.
    func replace(with bytes: [UInt8]) throws {
        var there = stat()
        guard unsafe fstat(descriptor, &there) == 0, let target = unsafe realpath(path, nil) else {
            throw failure("cannot write")
        }
        defer { unsafe free(target) }
        let fresh = try WholeFile.replace(
            unsafe String(cString: target), size: bytes.count, permissions: there.st_mode & 0o777,
            failure: { self.failure("cannot write", $0) }
        ) { file in
            try lock(file.descriptor)
            try unsafe bytes.withUnsafeBytes { try unsafe file.write($0) }
        }
        _ = Glibc.close(descriptor)
        (descriptor, length) = (fresh, bytes.count)
    }

    /// Whether the file of a checkpoint ended with these bytes.
    static func isEnd(_ bytes: [UInt8], of state: StateValue) -> Bool {
        state["length"]?.count == bytes.count && state["end"]?.text == mark(Array(bytes.suffix(markedCount)))
    }
}
