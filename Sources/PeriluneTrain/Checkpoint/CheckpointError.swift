/// What is wrong with a checkpoint or a file of weights.
public struct CheckpointError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of fault, for programs that want to react to it.
    public enum Code: Hashable, Sendable {
        /// The file cannot be read or is not there.
        case unreadable
        /// The file is truncated, damaged, or something else than a checkpoint.
        case notWhole
        /// The file cannot be written: no space, no permission.
        case unwritable
        /// The checkpoint is of another model, data set or optimizer.
        case mismatch
    }

    public let code: Code
    /// The file.
    public let path: String
    public let message: String

    public init(_ code: Code, _ message: String, path: String) {
        self.code = code
        self.message = message
        self.path = path
    }

    /// `runs/a/step-120.safetensors: is truncated (…)`.
    public var description: String { path.isEmpty ? message : "\(path): \(message)" }
}
