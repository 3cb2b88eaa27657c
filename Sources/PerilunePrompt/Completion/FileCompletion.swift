internal import Glibc

/// Completion of file names, as a shell does it.
enum FileCompletion {
    /// So many names of a folder are looked at.
    private static let most = 10_000

    /// What a path may become. Folders end with a slash; hidden files show once their dot is typed.
    static func completions(of path: String) -> PromptCompletions {
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { String(path[...$0]) } ?? ""
        let begun = slash.map { path[path.index(after: $0)...] } ?? path[...]
        let home = unsafe getenv("HOME").map { unsafe String(cString: $0) } ?? ""
        let place = folder.hasPrefix("~/") ? home + folder.dropFirst() : folder
        let names = names(in: place.isEmpty ? "." : place).filter { name in
            name.hasPrefix(begun) && (begun.hasPrefix(".") || !name.hasPrefix("."))
        }
        return PromptCompletions(word: path, candidates: names.map { folder + $0 }.sorted())
    }

    private static func names(in folder: String) -> [String] {
        guard let directory = unsafe opendir(folder) else { return [] }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while names.count < most, let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard name != ".", name != ".." else { continue }
            names.append(isFolder(folder + "/" + name) ? name + "/" : name)
        }
        return names
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
