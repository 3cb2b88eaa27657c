import Glibc

/// A folder of checkpoints, one file for each step at which one was written: `step-00000120.safetensors`.
public struct CheckpointFolder: Hashable, Sendable {
    private static let prefix = "step-"
    private static let suffix = ".safetensors"

    public let path: String

    public init(_ path: String) {
        self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }

    /// The file for the checkpoint of a step.
    public func file(step: Int) -> String {
        let digits = String(step)
        return "\(path)/\(Self.prefix)\(String(repeating: "0", count: max(0, 8 - digits.count)))\(digits)\(Self.suffix)"
    }

    /// The steps of which there are files, ascending; whole or not.
    public var steps: [Int] { names.compactMap(Self.step).sorted() }

    private static func step(_ name: String) -> Int? {
        guard name.hasPrefix(prefix), name.hasSuffix(suffix) else { return nil }
        return Int(name.dropFirst(prefix.count).dropLast(suffix.count)).flatMap { $0 >= 0 ? $0 : nil }
    }

    private var names: [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) { name in
                    name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                })
        }
        return names
    }

    /// Makes the folder and those above it, unless they are there, and removes what processes that ended left
    /// unfinished.
    /// - Throws: `CheckpointError.unwritable`.
    func prepare() throws {
        try Folder.make(path)
        for name in names where name.hasPrefix(".") && name.hasSuffix(WholeFile.partialSuffix) {
            let owner = name.dropLast(WholeFile.partialSuffix.count).split(separator: ".").last.flatMap { Int32($0) }
            if let owner, owner != getpid(), kill(owner, 0) != 0, errno == ESRCH { unlink("\(path)/\(name)") }
        }
    }

    /// Whether `other` is the same folder, under whatever name.
    func isSame(as other: CheckpointFolder) -> Bool {
        var (mine, theirs) = (stat(), stat())
        guard path != other.path else { return true }
        guard stat(path, &mine) == 0, stat(other.path, &theirs) == 0 else { return false }
        return mine.st_dev == theirs.st_dev && mine.st_ino == theirs.st_ino
    }
}
