import Glibc
import Perilune
import PeriluneLua

/// The folder that stubs are written to.
struct StubFolder {
    var path: String

    struct Failure: Error, CustomStringConvertible {
        var description: String

        init(_ description: String) { self.description = description }

        /// What the last system call says went wrong.
        static func system(_ what: String) -> Failure {
            Failure("\(what): \(String(cString: strerror(errno)))")
        }
    }

    /// Writes the files whole: each is written aside, and only when all are there do they take their names.
    ///
    /// - Returns: a line about each file.
    /// - Throws: `Failure` where the folder cannot be made, a file is in the way, or one cannot be written.
    func write(_ files: [StubFile]) throws(Failure) -> [String] {
        try makeFolder(path)
        var lines: [String] = []
        var wanted: [(file: StubFile, path: String)] = []
        for file in files {
            let target = path + "/" + file.path
            switch try occupant(of: target) {
            case .nothing, .stubs: wanted.append((file, target))
            case .other where file.yields:
                lines.append("kept \(target): it is not of `perilune stubs`; it should have\n\(file.text)")
            case .other:
                throw Failure(
                    "\(target) is in the way: it is not of `perilune stubs`. Move it, or give another folder.")
            }
        }
        for (_, target) in wanted { try makeFolder(Self.folder(of: target)) }
        var aside: [String] = []
        do throws(Failure) {
            for (file, target) in wanted {
                let temporary = "\(target).\(getpid()).new"
                aside.append(temporary)
                try WholeFile.write(file.text, to: temporary)
            }
            for (temporary, target) in zip(aside, wanted.map(\.path)) {
                guard rename(temporary, target) == 0 else { throw Failure.system("cannot write \(target)") }
            }
        } catch {
            for temporary in aside { unlink(temporary) }
            throw error
        }
        return wanted.map { "wrote \($0.path)" } + lines
    }

    private enum Occupant {
        case nothing, stubs, other
    }

    private func occupant(of target: String) throws(Failure) -> Occupant {
        var information = stat()
        guard lstat(target, &information) == 0 else {
            if errno == ENOENT { return .nothing }
            throw Failure.system("cannot look at \(target)")
        }
        guard information.st_mode & S_IFMT == S_IFREG, let text = TextFile.read(target) else { return .other }
        return StubFile.isMarked(text) ? .stubs : .other
    }

    /// Makes a folder and those around it.
    private func makeFolder(_ path: String) throws(Failure) {
        var information = stat()
        if stat(path, &information) == 0 {
            guard information.st_mode & S_IFMT == S_IFDIR else { throw Failure("\(path) is not a folder") }
            return
        }
        let parent = Self.folder(of: path)
        if !parent.isEmpty, parent != path { try makeFolder(parent) }
        guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw Failure.system("cannot make the folder \(path)") }
    }

    private static func folder(of path: String) -> String {
        let trimmed = path.count > 1 && path.hasSuffix("/") ? path.dropLast() : path[...]
        guard let slash = trimmed.lastIndex(of: "/") else { return "" }
        return slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
    }
}

/// Writing a file that is whole when it is there.
enum WholeFile {
    /// Writes a new file and has it on the disk before it returns.
    static func write(_ text: String, to path: String) throws(StubFolder.Failure) {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard file >= 0 else { throw .system("cannot write \(path)") }
        var isWritten = writeAll(text, to: file) && fsync(file) == 0
        isWritten = close(file) == 0 && isWritten
        guard isWritten else { throw .system("cannot write \(path)") }
    }

    private static func writeAll(_ text: String, to file: Int32) -> Bool {
        let bytes = Array(text.utf8)
        var start = 0
        while start < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress! + start, $0.count - start) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            start += count
        }
        return true
    }
}
