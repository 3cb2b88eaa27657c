import CZlib
import Glibc

/// A file that appears whole or not at all: written under another name, synced, and renamed over what was there.
package final class WholeFile {
    private let path: String
    private let partial: String
    /// The error that a reason stands for.
    private let failure: (_ reason: String) -> any Error
    /// The unfinished file, for reading and writing.
    package private(set) var descriptor: Int32 = -1
    /// CRC-32 of everything written so far.
    private(set) var checksum = UInt32(crc32(0, nil, 0))

    /// What the names of unfinished files end in.
    static let partialSuffix = ".partial"

    /// Writes `size` bytes as the file `path`.
    /// - Throws: `CheckpointError.unwritable`, and what `body` throws; what was there before is untouched then.
    package static func write(_ path: String, size: Int, _ body: (WholeFile) throws -> Void) throws {
        let file = WholeFile(path) { CheckpointError(.unwritable, "cannot be written: \($0)", path: path) }
        try file.fill(size: size, permissions: nil, staysOpen: false, body)
    }

    /// Writes `size` bytes as the file `path`, in place of one that is open, and leaves the new one open.
    /// - Parameters:
    ///   - permissions: who may read and write the file, as `chmod` takes it.
    ///   - failure: the error for a reason why it cannot be written.
    /// - Returns: the descriptor of the new file, for reading and writing, at its end. The caller closes it.
    /// - Throws: what `failure` makes and what `body` throws; what was there before is untouched then.
    package static func replace(
        _ path: String, size: Int, permissions: UInt32, failure: @escaping (_ reason: String) -> any Error,
        _ body: (WholeFile) throws -> Void
    ) throws -> Int32 {
        let file = WholeFile(path, failure: failure)
        try file.fill(size: size, permissions: permissions, staysOpen: true, body)
        return file.descriptor
    }

    private init(_ path: String, failure: @escaping (String) -> any Error) {
        self.path = path
        self.failure = failure
        partial = Self.partialPath(of: path)
    }

    private func fill(
        size: Int, permissions: UInt32?, staysOpen: Bool, _ body: (WholeFile) throws -> Void
    ) throws {
        // The kernel kills a process that writes past its limit, so that is looked at first.
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0, limit.rlim_cur < rlim_t(size) {
            throw failure(
                "\(size) bytes are more than this process may write to a file (\(limit.rlim_cur) bytes)")
        }
        descriptor = open(partial, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failed(errno) }
        do {
            // A file system without permissions has none to keep.
            if let permissions { fchmod(descriptor, permissions) }
            try body(self)
            try finish(staysOpen: staysOpen)
        } catch {
            abandon()
            throw error
        }
    }

    /// Where a file is written until it is whole.
    package static func partialPath(of path: String) -> String {
        let (folder, name) = parts(of: path)
        // Whatever the file may be called, its unfinished form may too: the end of a long name is left out.
        let tail = ".\(getpid())\(partialSuffix)"
        var start = name[...]
        while start.utf8.count + tail.utf8.count + 1 > Int(NAME_MAX) { start.removeLast() }
        return "\(folder)/.\(start)\(tail)"
    }

    /// Folder and last component of a path.
    package static func parts(of path: String) -> (folder: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path) }
        return (slash == path.startIndex ? "/" : String(path[..<slash]), String(path[path.index(after: slash)...]))
    }

    /// Appends bytes.
    package func write(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes[...]
        while let base = UnsafeRawBufferPointer(rebasing: rest).baseAddress, !rest.isEmpty {
            let written = Glibc.write(descriptor, base, min(rest.count, 1 << 30))
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw failed(written < 0 ? errno : ENOSPC) }
            checksum = UInt32(crc32(uLong(checksum), base.assumingMemoryBound(to: Bytef.self), uInt(written)))
            rest = rest.dropFirst(written)
        }
    }

    /// The data have to be on the disk before the name points at them, and the name before anyone relies on it.
    private func finish(staysOpen: Bool) throws {
        guard fsync(descriptor) == 0 else { throw failed(errno) }
        if !staysOpen {
            // A descriptor that could not be closed is gone all the same.
            let unclosed = descriptor
            descriptor = -1
            guard close(unclosed) == 0 else { throw failed(errno) }
        }
        guard rename(partial, path) == 0 else { throw failed(errno) }
        let folder = open(Self.parts(of: path).folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }

    private func abandon() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
        unlink(partial)
    }

    private func failed(_ code: Int32) -> any Error { failure(String(cString: strerror(code))) }
}
