import Glibc

/// Folders that files are written to.
enum Folder {
    /// Makes the folder and those above it, unless they are there.
    /// - Throws: `CheckpointError.unwritable`, also where it is there and cannot be written to.
    static func make(_ path: String) throws(CheckpointError) {
        var made = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            made += part
            guard mkdir(made, 0o777) == 0 || errno == EEXIST || exists(made) else {
                throw CheckpointError(.unwritable, "cannot be made: \(String(cString: strerror(errno)))", path: path)
            }
            made += "/"
        }
        guard exists(path) else { throw CheckpointError(.unwritable, "is no folder", path: path) }
        guard access(path, W_OK | X_OK) == 0 else {
            throw CheckpointError(.unwritable, "cannot be written: \(String(cString: strerror(errno)))", path: path)
        }
    }

    static func exists(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
