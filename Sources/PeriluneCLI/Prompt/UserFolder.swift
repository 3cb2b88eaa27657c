import Glibc

/// Where the program keeps what belongs to its user, as the XDG base directories have it.
enum UserFolder {
    /// `~/.local/state/perilune`; nil where the environment names no home.
    static var state: String? { folder("XDG_STATE_HOME", "/.local/state") }
    /// `~/.config/perilune`.
    static var configuration: String? { folder("XDG_CONFIG_HOME", "/.config") }

    /// Makes the folders that lead to a file, for the user alone. Tells whether they are there.
    static func make(for path: String) -> Bool {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return true }
        let folder = String(path[..<slash])
        if access(folder, W_OK) == 0 { return true }
        return make(for: folder) && (mkdir(folder, 0o700) == 0 || errno == EEXIST)
    }

    private static func folder(_ variable: String, _ standard: String) -> String? {
        // The specification has relative paths ignored.
        if let given = variable.environmentValue, given.hasPrefix("/") { return given + "/perilune" }
        return "HOME".environmentValue.map { $0 + standard + "/perilune" }
    }
}

extension String {
    /// The environment variable of this name; nil where it is not set, or empty.
    var environmentValue: String? {
        guard let value = getenv(self), value.pointee != 0 else { return nil }
        return String(cString: value)
    }
}
