import Glibc

/// Folders that files are written to.
package enum Folder {
    /// Makes the folder and those above it, unless they are there.
    /// - Throws: `CheckpointError.unwritable`, also where it is there and cannot be written to.
    package static func make(_ path: String) throws(CheckpointError) {
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

    /// The path from the root of the file system, without links in its folder, `.` and `..`: the same for all names of
    /// a file whose folder is there.
    package static func absolute(_ path: String) -> String {
        let parts = WholeFile.parts(of: path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path)
        if let folder = realpath(parts.folder, nil) {
            defer { free(folder) }
            let parent = String(cString: folder)
            return (parent == "/" ? "" : parent) + "/" + parts.name
        }
        guard !path.hasPrefix("/"), let folder = getcwd(nil, 0) else { return path }
        defer { free(folder) }
        return String(cString: folder) + "/" + path
    }

    package static func exists(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
