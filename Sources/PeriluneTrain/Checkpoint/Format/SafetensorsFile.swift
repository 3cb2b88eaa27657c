import PeriluneData
import PeriluneGraph

/// Named tensors and texts in the safetensors format (https://github.com/huggingface/safetensors), as Python's
/// `safetensors` reads and writes it.
///
/// Files of ours end with a tensor that holds the CRC-32 of all bytes before it, so that a flipped bit anywhere shows.
/// Those of others have none and are taken as they are.
struct SafetensorsFile {
    /// The tensor that holds the checksum.
    static let checksumName = "perilune/crc32"

    /// Texts by name.
    var metadata: [String: String]
    /// In the order of the file.
    var tensors: [(name: String, tensor: Tensor)]
    /// Why the tensors of these names cannot be read: a model may have no use for them.
    var unreadable: [String: String] = [:]
    /// Whether a checksum was there, and right.
    var isVerified = false

    init(metadata: [String: String] = [:], tensors: [(name: String, tensor: Tensor)]) {
        self.metadata = metadata
        self.tensors = tensors
    }

    /// Writes the file, whole or not at all.
    /// - Throws: `CheckpointError.unwritable`.
    func write(to path: String) throws {
        let head = header
        let data = tensors.reduce(0) { $0 + $1.tensor.spec.byteCount }
        try WholeFile.write(path, size: 8 + head.count + data + 4) { file in
            try withUnsafeBytes(of: UInt64(head.count).littleEndian) { try file.write($0) }
            try head.withUnsafeBytes { try file.write($0) }
            // Little-endian, as every machine is that this runs on.
            for (_, tensor) in tensors { try tensor.withUnsafeElementBytes { try file.write($0) } }
            try withUnsafeBytes(of: file.checksum.littleEndian) { try file.write($0) }
        }
    }

    private var header: [UInt8] {
        var fields: [String: StateValue] = [:]
        if !metadata.isEmpty { fields["__metadata__"] = .record(metadata.mapValues { .text($0) }) }
        var offset = 0
        func add(_ name: String, _ type: String, _ dimensions: [Int], _ byteCount: Int) {
            let offsets = [offset, offset + byteCount]
            offset += byteCount
            fields[name] = [
                "dtype": .text(type), "shape": .list(dimensions.map { .integer($0) }),
                "data_offsets": .list(offsets.map { .integer($0) }),
            ]
        }
        for (name, tensor) in tensors {
            add(name, SafetensorsType(tensor.dtype).rawValue, tensor.shape.dimensions, tensor.spec.byteCount)
        }
        add(Self.checksumName, SafetensorsType.int32.rawValue, [1], 4)
        var bytes = Array(JSONText.write(.record(fields)) { _, _ in "" }.utf8)
        // So that the data begin where every type may.
        while bytes.count % 8 != 0 { bytes.append(UInt8(ascii: " ")) }
        return bytes
    }
}
