internal import Glibc
internal import PeriluneLuaRuntime

/// Where runs put the sockets by which one attaches to them: a folder that only its owner can enter.
public enum AttachFolder {
    /// `$XDG_RUNTIME_DIR/perilune`; where that is nowhere, or too long for a socket, a folder of the user's in
    /// `$TMPDIR`, and where that is too, in the system's folder for temporary files.
    public static var path: String { candidates.first(where: isPossible) ?? candidates[0] }

    /// Whether the folder can be there. What the environment names may be gone: `su` and containers hand it on.
    private static func isPossible(_ folder: String) -> Bool {
        let parent = folder.lastIndex(of: "/").map { String(folder[..<$0]) } ?? "/"
        let isThere = unsafe access(parent, X_OK) == 0
        return isThere && socket(of: .max, in: folder).utf8.count <= AttachConnection.longestPath
    }

    /// The folders in which runs may be found; one that was started elsewhere may have had another environment.
    static var candidates: [String] {
        let user = "/perilune-\(geteuid())"
        // The last one is short, and there wherever the others may be.
        let temporary = [environment("TMPDIR"), P_tmpdir].compactMap { $0.map { $0 + user } }
        return [environment("XDG_RUNTIME_DIR")].compactMap { $0.map { $0 + "/perilune" } } + temporary
    }

    /// The socket of a process.
    static func socket(of process: Int32, in folder: String) -> String { "\(folder)/\(process).sock" }

    /// The process that has this socket; nil for the name of something else.
    private static func process(of socket: Substring) -> Int32? {
        guard socket.hasSuffix(".sock"), let process = Int32(socket.dropLast(5)), process > 0 else { return nil }
        return process
    }

    /// Whether the process that has the socket at this path has not ended, or another one has its number by now.
    static func hasLivingProcess(_ path: String) -> Bool {
        guard let name = path.split(separator: "/").last, let process = process(of: name) else { return false }
        return kill(process, 0) == 0 || errno != ESRCH
    }

    /// Makes the folder where it is not there yet.
    /// - Throws: `AttachError` where it cannot be made, or others could meddle with it.
    static func prepare(_ folder: String) throws(AttachError) {
        if unsafe mkdir(folder, 0o700) != 0, errno != EEXIST {
            throw AttachError("cannot make the folder \(folder): \(AttachError.reason())")
        }
        try check(folder)
    }

    /// - Throws: `AttachError` where the folder is not the user's own.
    static func check(_ folder: String) throws(AttachError) {
        var information = stat()
        guard unsafe lstat(folder, &information) == 0 else {
            throw AttachError("cannot look at the folder \(folder): \(AttachError.reason())")
        }
        guard information.st_mode & S_IFMT == S_IFDIR else { throw AttachError("\(folder) is not a folder") }
        guard information.st_uid == geteuid() else { throw AttachError("\(folder) belongs to another user") }
        guard information.st_mode & 0o077 == 0 else {
            throw AttachError("\(folder) is open to others; its mode should be 700")
        }
    }

    /// The processes that have a socket here, with its path, by number.
    static func processes() -> [(process: Int32, path: String)] {
        var found: [(process: Int32, path: String)] = []
        for folder in Set(candidates) where (try? check(folder)) != nil {
            guard let directory = unsafe opendir(folder) else { continue }
            defer { _ = unsafe closedir(directory) }
            while let entry = unsafe readdir(directory) {
                let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                    unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                }
                guard let process = process(of: name[...]) else { continue }
                found.append((process, folder + "/" + name))
            }
        }
        return found.sorted { $0.process < $1.process }
    }

    private static func environment(_ name: String) -> String? {
        guard let value = unsafe getenv(name), unsafe value.pointee == CChar(UInt8(ascii: "/")) else { return nil }
        return unsafe String(cString: value)
    }
}

/// Why a run cannot be attached to.
public struct AttachError: Error, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }

    /// What `errno` says.
    static func reason() -> String { unsafe String(cString: strerror(errno)) }
}
