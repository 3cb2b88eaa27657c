internal import Glibc

extension FileAccess {
    package enum Use: Hashable {
        case read
        case write
    }

    /// The path by which a file may be opened, with all symbolic links resolved.
    ///
    /// What is granted is decided by where the file really is: links and `..` lead nowhere else. A link that others
    /// puts in the way between this and the opening is not noticed, but scripts cannot make links.
    /// - Throws: `FileFault` where the file is not in a granted folder.
    package func path(_ path: String, for use: Use) throws(FileFault) -> String {
        guard let folders = use == .read ? readable : writable else { return path }
        guard let resolved = Self.resolved(path) else {
            throw FileFault("there is no folder for '\(path)', or it cannot be looked at")
        }
        for folder in folders {
            guard let granted = Self.real(folder) else { continue }
            guard resolved.hasPrefix(granted.hasSuffix("/") ? granted : granted + "/") else { continue }
            guard Self.isOrdinary(resolved) else { throw FileFault("'\(path)' is no ordinary file") }
            return resolved
        }
        let verb = use == .read ? "read" : "write"
        let list = folders.map { "'\($0)'" }.joined(separator: ", ")
        let allowed = folders.isEmpty ? "it may \(verb) no files" : "it may \(verb) files in \(list)"
        throw FileFault(
            "this script may not \(verb) '\(path)': \(allowed); --allow-\(verb) DIR grants a folder, "
                + "and so does a host's FileAccess")
    }

    /// The absolute path without links, of a file that need not be there yet, nor its folders; nil where that cannot be
    /// told.
    private static func resolved(_ path: String) -> String? {
        guard !path.isEmpty, !path.utf8.contains(0) else { return nil }
        if let real = real(path) { return real }
        guard errno == ENOENT else { return nil }
        // A link to a file that is not there yet would lead out unseen.
        var information = stat()
        guard unsafe lstat(path, &information) != 0 else { return nil }
        let path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        let slash = path.lastIndex(of: "/")
        let name = slash.map { path[path.index(after: $0)...] } ?? path[...]
        guard !name.isEmpty, name != ".", name != ".." else { return nil }
        let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        return resolved(folder).map { $0.hasSuffix("/") ? $0 + name : $0 + "/" + name }
    }

    /// Whether it is a file or a folder, or not there yet. Opening a pipe or a device may wait for ever, and no limit
    /// of time reaches into that.
    private static func isOrdinary(_ path: String) -> Bool {
        var information = stat()
        guard unsafe stat(path, &information) == 0 else { return true }
        let type = information.st_mode & S_IFMT
        return type == S_IFREG || type == S_IFDIR
    }

    private static func real(_ path: String) -> String? {
        guard let real = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(real) }
        return unsafe String(cString: real)
    }
}

/// Why a file is out of a script's reach.
package struct FileFault: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
