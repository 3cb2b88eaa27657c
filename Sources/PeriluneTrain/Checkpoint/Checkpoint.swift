import PeriluneGraph

/// Everything that a run needs to go on exactly: what a file of a checkpoint holds.
///
/// Weights are tensors under the paths of their layers (`dense/kernel`), so that other programs find them; the rest is
/// plain state, whose tensors are named by where they are in it (`engine/slots/dense/kernel/momentum`).
public struct Checkpoint: Sendable {
    /// The present form of the state. A file with another number is of another release, and refused.
    private static let version = 1
    private static let formatKey = "format"
    private static let format = "perilune"
    /// What files of weights alone are.
    static let weightsFormat = "perilune weights"
    private static let stateKey = "perilune"
    /// Where in the state the weights are, by path.
    static let weightsPath = ["engine", "weights"]

    /// The state of loop, engine and callbacks.
    public let state: StateValue
    /// The file that it came from.
    public let path: String

    /// Keeps the memory of the state's tensors from being used again.
    private let lease: CopyMemory.Lease?

    package init(_ state: StateValue, path: String = "") { self.init(state, path: path, lease: nil) }

    init(_ state: StateValue, path: String = "", lease: CopyMemory.Lease?) {
        self.state = state
        self.path = path
        self.lease = lease
    }

    /// Writes the file, whole or not at all.
    /// - Throws: `CheckpointError.unwritable`.
    public func write(to path: String) throws {
        try Self.file(state, metadata: ["version": String(Self.version)]).write(to: path)
    }

    /// Reads a file and checks that every byte of it is as it was written.
    /// - Throws: `CheckpointError` that says what is wrong.
    public init(contentsOf path: String) throws {
        let file = try SafetensorsFile(contentsOf: path)
        guard let text = file.metadata[Self.stateKey], file.metadata[Self.formatKey] == Self.format else {
            throw CheckpointError(.notWhole, "is no checkpoint of a run", path: path)
        }
        guard file.isVerified else { throw CheckpointError(.notWhole, "is damaged: it has no checksum", path: path) }
        guard file.metadata["version"] == String(Self.version) else {
            throw CheckpointError(
                .notWhole,
                "is a checkpoint of another release of Perilune (form \(file.metadata["version"] ?? "?"), "
                    + "this one reads \(Self.version))", path: path)
        }
        let tensors = Dictionary(file.tensors.map { ($0.name, $0.tensor) }, uniquingKeysWith: { first, _ in first })
        do {
            state = try JSONReader.read(Array(text.utf8)[...]) { name in tensors[name].map { .tensor($0) } }
        } catch {
            throw CheckpointError(.notWhole, "is damaged: \(error)", path: path)
        }
        self.path = path
        lease = nil
    }

    /// The weights alone, by the paths of their layers.
    var weightsFile: SafetensorsFile {
        let weights = state["engine"]?["weights"]?.record ?? [:]
        return SafetensorsFile(
            metadata: [Self.formatKey: Self.weightsFormat],
            tensors: weights.sorted { $0.key < $1.key }.compactMap { name, value in value.tensor.map { (name, $0) } })
    }

    /// The file for a state: its tensors by name, its text in the header.
    static func file(_ state: StateValue, metadata: [String: String]) -> SafetensorsFile {
        var tensors: [(name: String, tensor: Tensor)] = []
        var taken: Set = [SafetensorsFile.checksumName, "__metadata__"]
        let text = JSONText.write(state) { tensor, path in
            let isWeight = path.starts(with: weightsPath)
            let wanted = path.dropFirst(isWeight ? weightsPath.count : 0).joined(separator: "/")
            var name = wanted
            var number = 2
            while !taken.insert(name).inserted {
                name = "\(wanted)~\(number)"
                number += 1
            }
            tensors.append((name, tensor))
            return name
        }
        return SafetensorsFile(
            metadata: metadata.merging([formatKey: format, stateKey: text]) { $1 }, tensors: tensors)
    }
}
