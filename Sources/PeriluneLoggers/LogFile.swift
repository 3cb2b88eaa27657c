import Glibc
import PeriluneTrain

/// A file that a logger writes to, record by record.
///
/// Each record is written at once. The file knows how many of its bytes belong to the run so far: a checkpoint keeps
/// that number, and a resumed run cuts the file there, so that what came after the checkpoint is not there twice.
final class LogFile {
    let path: String
    private let logger: String
    var descriptor: Int32
    /// Bytes that belong to the run; stays when the file is closed.
    var length: Int

    /// Opens the file, or makes it and its folder; what is in it stays.
    /// - Throws: `TrainingError` in the name of `logger`.
    init(_ path: String, for logger: String) throws {
        self.path = path
        self.logger = logger
        length = 0
        descriptor = -1
        try open()
    }

    deinit { close() }

    /// Makes a folder for files of `logger`, unless it is there.
    /// - Throws: `TrainingError` in the name of `logger`.
    static func makeFolder(_ path: String, for logger: String) throws(TrainingError) {
        do { try Folder.make(path) } catch { throw TrainingError(.fileFailed, "\(logger): \(error)") }
    }

    private func open() throws {
        let folder = WholeFile.parts(of: path).folder
        if !Folder.exists(folder) { try Self.makeFolder(folder, for: logger) }
        descriptor = unsafe Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure("cannot open") }
        let end = lseek(descriptor, 0, SEEK_END)
        guard end >= 0 else {
            let error = failure("cannot open")
            close()
            throw error
        }
        length = Int(end)
    }

    func close() {
        guard descriptor >= 0 else { return }
        // A copy of the descriptor in a program that starts just now would keep the lock.
        unlock()
        _ = Glibc.close(descriptor)
        descriptor = -1
    }

    /// Says that this run writes to the file, as long as it is open. A file system without locks has none to refuse.
    /// - Throws: `TrainingError` where another run, of this process or another one, does.
    func lock() throws(TrainingError) { try lock(descriptor) }

    /// The same for a file that is to take the place of this one.
    func lock(_ descriptor: Int32) throws(TrainingError) {
        guard flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK else { return }
        throw TrainingError(
            .fileFailed,
            "\(logger): \(path) is in use by another run that goes on, or another callback of this one; "
                + "give each a file of its own")
    }

    func unlock() { flock(descriptor, LOCK_UN) }

    /// Whether the file is no longer the one of its name: it has been removed, or replaced by another one.
    private var isGone: Bool {
        var (mine, there) = (stat(), stat())
        guard unsafe fstat(descriptor, &mine) == 0 else { return false }
        return unsafe stat(path, &there) != 0 || mine.st_ino != there.st_ino || mine.st_dev != there.st_dev
    }

    /// Makes the file again where it has gone, and its folder.
    /// - Returns: whether it had gone.
    func revive() throws -> Bool {
        guard descriptor >= 0, isGone else { return false }
        close()
        try open()
        try lock()
        return true
    }

    /// Keeps the first `count` bytes, and goes on after them. A file that has fewer is left as it is.
    func cut(to count: Int) throws {
        let end = Int(lseek(descriptor, 0, SEEK_END))
        guard end >= 0 else { throw failure("cannot write") }
        length = min(max(0, count), end)
        if end > length {
            guard ftruncate(descriptor, off_t(length)) == 0 else { throw failure("cannot write") }
        }
        guard lseek(descriptor, off_t(length), SEEK_SET) >= 0 else { throw failure("cannot write") }
    }

    /// Ends a last line that has no end, as a process that was killed, or an editor, may have left it.
    func endLine() throws {
        var byte: UInt8 = 10
        guard length > 0, unsafe pread(descriptor, &byte, 1, off_t(length - 1)) == 1, byte != 10 else { return }
        try write("\n")
    }

    func write(_ text: String) throws { try write(Array(text.utf8)) }

    /// - Throws: `TrainingError`, where the file could not be written or has been closed.
    func write(_ bytes: [UInt8]) throws {
        var done = 0
        while done < bytes.count {
            let written = unsafe bytes[done...].withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else {
                let failure = failure("cannot write")
                // No half of a record stays behind.
                if done > 0 { try? cut(to: length) }
                throw failure
            }
            done += written
        }
        length += bytes.count
    }

    /// The first line without its end; nil where the file is empty.
    func firstLine() -> String? {
        guard lseek(descriptor, 0, SEEK_SET) == 0 else { return nil }
        defer { lseek(descriptor, off_t(length), SEEK_SET) }
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while line.count < 1 << 20, unsafe read(descriptor, &byte, 1) == 1, byte != 10 { line.append(byte) }
        return line.isEmpty ? nil : String(decoding: line.filter { $0 != 13 }, as: UTF8.self)
    }

    /// The error for what the last system call of this thread says in `errno`.
    func failure(_ what: String) -> TrainingError { failure(what, unsafe String(cString: strerror(errno))) }

    func failure(_ what: String, _ reason: String) -> TrainingError {
        TrainingError(.fileFailed, "\(logger): \(what) \(path): \(reason)")
    }
}

// What the checkpoint keeps of a file, and going back to it.
extension LogFile {
    /// How the file of a checkpoint was found.
    enum Resumption {
        /// It is the one that the checkpoint knows, and ends where it ended then.
        case same
        /// It has so many bytes less than it had then; 0 of it may be left.
        case shorter(missing: Int)
        /// It is another one, of which nothing was cut.
        case other
    }

    var state: StateValue {
        ["path": .text(Folder.absolute(path)), "length": .integer(length), "end": .text(mark(before: length) ?? "")]
    }

    /// Goes back to where a checkpoint left the file. One at another place is the same where it ended with the same
    /// bytes then, as one that was moved did; other files, and those that have lost bytes, are not cut.
    func resume(_ state: StateValue) throws -> Resumption {
        guard let known = state["length"]?.count else { return .other }
        guard length >= known else {
            try endLine()
            return .shorter(missing: known - length)
        }
        guard Folder.absolute(path) == state["path"]?.text || mark(before: known) == state["end"]?.text else {
            try endLine()
            return .other
        }
        try cut(to: known)
        return .same
    }

    /// What tells the bytes before a place from other bytes: their checksum, of a few thousand at most.
    private func mark(before place: Int) -> String? {
        var bytes = [UInt8](repeating: 0, count: min(place, Self.markedCount))
        let reader = descriptor >= 0 ? descriptor : unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        defer { if reader != descriptor, reader >= 0 { _ = Glibc.close(reader) } }
        guard unsafe pread(reader, &bytes, bytes.count, off_t(place - bytes.count)) == bytes.count else { return nil }
        return Self.mark(bytes)
    }

    /// How many bytes at most.
    static let markedCount = 4096

    static func mark(_ bytes: [UInt8]) -> String {
        // FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/).
        let hash = bytes.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return String(hash, radix: 16)
    }
}
