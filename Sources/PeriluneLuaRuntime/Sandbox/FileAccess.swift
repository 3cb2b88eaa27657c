internal import Glibc

/// Which files the functions of the module may read and write.
public struct FileAccess: Hashable, Sendable {
    /// Folders whose files may be read, or nil for all files.
    public var readable: [String]?
    /// Folders in which files may be written, or nil for everywhere.
    public var writable: [String]?

    public init(readable: [String]?, writable: [String]?) {
        self.readable = readable
        self.writable = writable
    }

    /// Every file that the process may touch: what a trusted script gets.
    public static let everything = FileAccess(readable: nil, writable: nil)
    /// No file: what a strict script gets unless the host grants folders.
    public static let nothing = FileAccess(readable: [], writable: [])

    /// What a profile has where nothing else is said.
    public static func standard(for profile: ScriptProfile) -> FileAccess {
        switch profile {
        case .trusted: .everything
        case .strict: .nothing
        }
    }

    /// Whether there is a folder of that name.
    public static func isFolder(_ path: String) -> Bool {
        var information = stat()
        return unsafe stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
    }
}
