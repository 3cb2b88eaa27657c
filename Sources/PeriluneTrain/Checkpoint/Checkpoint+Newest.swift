import Glibc

extension Checkpoint {
    /// What the checkpoint that a file replaced is called: one that turns out damaged need not be the end.
    static let previousSuffix = ".previous"

    /// The newest whole checkpoint at `path`: a file, or a folder of them. Damaged ones are named to `say` and passed
    /// over. Nil, and said so, where there is none yet.
    /// - Throws: `CheckpointError` where there are some and none is whole.
    public static func newest(at path: String, say: (String) -> Void) throws -> Checkpoint? {
        let found = try newestThere(at: path, say: say)
        if found == nil { say("there is no checkpoint at \(path) yet: starting afresh") }
        return found
    }

    /// The same for a checkpoint that has to be there: that there is none is for the caller to say.
    static func newestThere(at path: String, say: (String) -> Void) throws -> Checkpoint? {
        let folder = CheckpointFolder(path)
        let files: [String] =
            Folder.exists(path)
            ? folder.steps.reversed().map { folder.file(step: $0) }
            : [path, path + previousSuffix].filter { access($0, F_OK) == 0 }
        var faults: [CheckpointError] = []
        for file in files {
            do {
                return try Checkpoint(contentsOf: file)
            } catch let fault as CheckpointError {
                faults.append(fault)
                say(fault.description + (faults.count < files.count ? "; trying the checkpoint before it" : ""))
            }
        }
        guard let first = faults.first else { return nil }
        guard faults.count > 1 else { throw first }
        throw CheckpointError(.notWhole, "none of its \(faults.count) checkpoints is whole", path: path)
    }

    /// Writes a file and keeps the one that it replaces beside it.
    func replace(_ path: String) throws {
        if access(path, F_OK) == 0 {
            unlink(path + Self.previousSuffix)
            // Where the file system has no links there is no second copy; the new file is whole all the same.
            _ = link(path, path + Self.previousSuffix)
        }
        try write(to: path)
    }
}
