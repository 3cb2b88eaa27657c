import CZlib
import Glibc

/// A file that appears whole or not at all: written under another name, synced, and renamed over what was there.
package final class WholeFile {
    private let path: String
    private let partial: String
    private var descriptor: Int32
    /// CRC-32 of everything written so far.
    private(set) var checksum = UInt32(crc32(0, nil, 0))

    /// What the names of unfinished files end in.
    static let partialSuffix = ".partial"

    /// Writes `size` bytes as the file `path`.
    /// - Throws: `CheckpointError.unwritable`; what was there before is untouched then.
    package static func write(_ path: String, size: Int, _ body: (WholeFile) throws -> Void) throws {
        let file = try WholeFile(path, size: size)
        do {
            try body(file)
            try file.finish()
        } catch {
            file.abandon()
            throw error
        }
    }

    private init(_ path: String, size: Int) throws {
        self.path = path
        partial = Self.partialPath(of: path)
        descriptor = -1
        // The kernel kills a process that writes past its limit, so that is looked at first.
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0, limit.rlim_cur < rlim_t(size) {
            throw CheckpointError(
                .unwritable,
                "cannot be written: \(size) bytes are more than this process may write to a file "
                    + "(\(limit.rlim_cur) bytes)", path: path)
        }
        descriptor = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure(errno) }
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
            guard written > 0 else { throw failure(written < 0 ? errno : ENOSPC) }
            checksum = UInt32(crc32(uLong(checksum), base.assumingMemoryBound(to: Bytef.self), uInt(written)))
            rest = rest.dropFirst(written)
        }
    }

    /// The data have to be on the disk before the name points at them, and the name before anyone relies on it.
    private func finish() throws {
        guard fsync(descriptor) == 0 else { throw failure(errno) }
        guard close(descriptor) == 0 else {
            descriptor = -1
            throw failure(errno)
        }
        descriptor = -1
        guard rename(partial, path) == 0 else { throw failure(errno) }
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

    private func failure(_ code: Int32) -> CheckpointError {
        CheckpointError(.unwritable, "cannot be written: \(String(cString: strerror(code)))", path: path)
    }
}
