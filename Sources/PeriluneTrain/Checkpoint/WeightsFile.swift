import PeriluneGraph
import PeriluneItems
import PeriluneNN

extension ModelState {
    /// Writes the weights as a safetensors file, under the paths of their layers: `dense/kernel`.
    /// - Throws: `CheckpointError.unwritable`; `TrainingError` where the model is not built.
    public func saveWeights(to path: String) throws {
        let names = model.variables.entries.map(\.path)
        let file = SafetensorsFile(
            metadata: ["format": Checkpoint.weightsFormat], tensors: Array(zip(names, try readWeights())))
        try file.write(to: path)
    }

    /// Reads weights from a safetensors file: one of `saveWeights`, a checkpoint, or one of another program with the
    /// same names. Numbers of other precision are converted; tensors that are no weights of this model are passed over.
    /// - Returns: the names of the tensors that were passed over; none for a checkpoint, which holds
    ///   more than weights.
    /// - Throws: `CheckpointError` that names the first weight that is missing, unreadable or of another shape; none
    ///   has changed then. `TrainingError` where the model is not built.
    @discardableResult
    public func loadWeights(from path: String) throws -> [String] {
        let file = try SafetensorsFile(contentsOf: path)
        let isOurs = file.metadata["format"]?.hasPrefix("perilune") == true
        guard file.isVerified || !isOurs else {
            throw CheckpointError(.notWhole, "is damaged: it has no checksum", path: path)
        }
        try initialize()
        let tensors = Dictionary(file.tensors.map { ($0.name, $0.tensor) }, uniquingKeysWith: { first, _ in first })
        let entries = model.variables.entries
        let weights = try entries.map { variable in
            if let reason = file.unreadable[variable.path] {
                throw CheckpointError(.mismatch, "tensor '\(variable.path)' \(reason)", path: path)
            }
            guard let tensor = tensors[variable.path] else {
                let hint = NearestName.hint(variable.path, among: file.tensors.map(\.name))
                let names = file.tensors.map(\.name).prefix(10).joined(separator: ", ")
                throw CheckpointError(
                    .mismatch,
                    "has no weight '\(variable.path)'"
                        + (hint.isEmpty ? "; it has \(names.isEmpty ? "none" : names)" : hint),
                    path: path)
            }
            guard tensor.shape == variable.spec.shape else {
                throw CheckpointError(
                    .mismatch, "has '\(variable.path)' of shape \(tensor.shape), the model has \(variable.spec.shape)",
                    path: path)
            }
            return tensor.converted(to: variable.spec.dtype)
        }
        try writeWeights(weights)
        let isCheckpoint = file.metadata["version"] != nil && isOurs
        let known = Set(entries.map(\.path))
        let names = file.tensors.map(\.name) + file.unreadable.keys.sorted()
        return isCheckpoint ? [] : names.filter { !known.contains($0) }
    }
}
