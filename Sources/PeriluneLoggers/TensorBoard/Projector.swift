import PeriluneData
import PeriluneGraph
import PeriluneNN
import PeriluneRuntime
import PeriluneTrain

/// The tables of a model's embeddings as TensorBoard's projector reads them: `embedding_1.tsv` with a line for each row
/// of the first one, `metadata_1.tsv` with what the rows stand for, and `projector_config.pbtxt`, which names both.
struct Projector {
    private struct Table {
        let path: String
        let variable: ModelVariable
        /// What its rows stand for, where that is given.
        let metadata: String?
        /// The files that the projector reads.
        let copies: (tensor: String, metadata: String)
    }

    private let tables: [Table]

    /// - Throws: `TrainingError` where the model has no embeddings, or none that a pattern fits.
    init(of run: Run, _ metadata: LayerPatterns<String>) throws(TrainingError) {
        let variables = (run.trainer?.model.variables.entries ?? []).filter { $0.owners.last is Embedding }
        tables = variables.enumerated().map { index, variable in
            let path = String(variable.path.dropLast(variable.name.count + 1))
            return Table(
                path: path, variable: variable, metadata: metadata[path],
                copies: ("embedding_\(index + 1).tsv", "metadata_\(index + 1).tsv"))
        }
        guard !tables.isEmpty else {
            throw TrainingError(
                .invalidOption, "tensorboard: 'embeddings_freq' is given, and the model has no embedding")
        }
        try metadata.check(tables.map(\.path), for: "tensorboard")
    }

    /// Copies what the rows stand for: the projector reads no file outside of the folder of its configuration.
    /// - Throws: `DataError` where a file cannot be read, or has not a line for each row; `CheckpointError` where it
    ///   cannot be written.
    func copyMetadata(from source: String, to folder: String) throws {
        for table in tables {
            guard let name = table.metadata else { continue }
            let path = name.hasPrefix("/") ? name : "\(source)/\(name)"
            let bytes = try FileBytes.read(path)
            let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            // With several columns the first line has their titles.
            let titles = lines.first?.contains(UInt8(ascii: "\t")) == true ? 1 : 0
            let count = lines.count - titles - (lines.last?.isEmpty == true ? 1 : 0)
            let rows = table.variable.shape[0]
            guard count == rows else {
                throw DataError(.malformed, "has \(count) lines, '\(table.path)' has \(rows) rows", file: path)
            }
            try Self.write(bytes, to: "\(folder)/\(table.copies.metadata)")
        }
    }

    /// Writes the tables as they are now; the file that names them comes last.
    /// - Throws: `CheckpointError` where a file cannot be written.
    func write(to folder: String, _ run: Run) throws {
        guard let trainer = run.trainer else { return }
        var config = ""
        for table in tables {
            let tensor = trainer.state.store.read(table.variable.id)
            try Self.write(Self.lines(tensor), to: "\(folder)/\(table.copies.tensor)")
            config += "embeddings {\n"
            config += "  tensor_name: \(JSONText.quoted(table.path))\n"
            config += "  tensor_path: \"\(table.copies.tensor)\"\n"
            if table.metadata != nil { config += "  metadata_path: \"\(table.copies.metadata)\"\n" }
            config += "}\n"
        }
        try Self.write(Array(config.utf8), to: "\(folder)/projector_config.pbtxt")
    }

    private static func lines(_ tensor: Tensor) -> [UInt8] {
        var bytes: [UInt8] = []
        let columns = tensor.shape[1]
        for (index, value) in tensor.floats.enumerated() {
            bytes += "\(value)".utf8
            bytes.append(UInt8(ascii: (index + 1) % columns == 0 ? "\n" : "\t"))
        }
        return bytes
    }

    private static func write(_ bytes: [UInt8], to path: String) throws {
        try WholeFile.write(path, size: bytes.count) { file in
            try unsafe bytes.withUnsafeBytes { try unsafe file.write($0) }
        }
    }
}
