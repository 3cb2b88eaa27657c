import Glibc

/// A file that a logger writes to, record by record.
///
/// Each record is written at once. The file knows how many of its bytes belong to the run so far: a checkpoint keeps that
/// number, and a resumed run cuts the file there, so that what came after the checkpoint is not there twice.
final class LogFile {
    let path: String
    private let logger: String
    private var descriptor: Int32
    /// Bytes that belong to the run; stays when the file is closed.
    private(set) var length: Int

    /// Opens the file, or makes it and its folder; what is in it stays.
    /// - Throws: `TrainingError` in the name of `logger`.
    init(_ path: String, for logger: String) throws {
        self.path = path
        self.logger = logger
        length = 0
        descriptor = -1
        let folder = WholeFile.parts(of: path).folder
        if !Folder.exists(folder) { try Self.makeFolder(folder, for: logger) }
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure("cannot open") }
        let end = lseek(descriptor, 0, SEEK_END)
        guard end >= 0 else {
            let error = failure("cannot open")
            close()
            throw error
        }
        length = Int(end)
    }

    deinit { close() }

    /// Makes a folder for files of `logger`, unless it is there.
    /// - Throws: `TrainingError` in the name of `logger`.
    static func makeFolder(_ path: String, for logger: String) throws(TrainingError) {
        do { try Folder.make(path) } catch { throw TrainingError(.fileFailed, "\(logger): \(error)") }
    }

    func close() {
        if descriptor >= 0 { _ = Glibc.close(descriptor) }
        descriptor = -1
    }

    /// Keeps the first `count` bytes, and goes on after them. A file that has fewer is left as it is.
    /// - Returns: how many bytes are missing.
    func cut(to count: Int) throws -> Int {
        let end = Int(lseek(descriptor, 0, SEEK_END))
        guard end >= 0 else { throw failure("cannot write") }
        length = min(max(0, count), end)
        if end > length {
            guard ftruncate(descriptor, off_t(length)) == 0 else { throw failure("cannot write") }
        }
        guard lseek(descriptor, off_t(length), SEEK_SET) >= 0 else { throw failure("cannot write") }
        return max(0, count - end)
    }

    /// Ends a last line that has no end, as a process that was killed, or an editor, may have left it.
    func endLine() throws {
        var byte: UInt8 = 10
        guard length > 0, pread(descriptor, &byte, 1, off_t(length - 1)) == 1, byte != 10 else { return }
        try write("\n")
    }

    func write(_ text: String) throws { try write(Array(text.utf8)) }

    /// - Throws: `TrainingError`, where the file could not be written or has been closed.
    func write(_ bytes: [UInt8]) throws {
        var done = 0
        while done < bytes.count {
            let written = bytes[done...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else {
                let failure = failure("cannot write")
                // No half of a record stays behind.
                if done > 0 { _ = try? cut(to: length) }
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
        while line.count < 1 << 20, read(descriptor, &byte, 1) == 1, byte != 10 { line.append(byte) }
        return line.isEmpty ? nil : String(decoding: line.filter { $0 != 13 }, as: UTF8.self)
    }

    private func failure(_ what: String) -> TrainingError {
        TrainingError(.fileFailed, "\(logger): \(what) \(path): \(String(cString: strerror(errno)))")
    }
}

// What the checkpoint keeps of a file, and going back to it.
extension LogFile {
    var state: StateValue { ["path": .text(path), "length": .integer(length)] }

    /// Goes back to where a checkpoint left this file; a file of another name begins afresh.
    func resume(_ state: StateValue, in run: Run) throws {
        guard state["path"]?.text == path, let length = state["length"]?.count else { return }
        let missing = try cut(to: length)
        guard missing > 0 else { return }
        run.say("\(logger): \(path) lacks \(missing) bytes that it had when the checkpoint was written")
    }
}
