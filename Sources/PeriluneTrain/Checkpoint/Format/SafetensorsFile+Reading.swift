import CZlib
import PeriluneData
import PeriluneGraph

extension SafetensorsFile {
    /// Reads a file and checks it: lengths, offsets, and the checksum where it has one.
    /// - Throws: `CheckpointError` that says what is wrong.
    init(contentsOf path: String) throws {
        // A device or a pipe may have no end.
        guard !FileBytes.isEndless(path) else {
            throw CheckpointError(.unreadable, "is no regular file", path: path)
        }
        let bytes: [UInt8]
        do {
            bytes = try FileBytes.readRaw(path)
        } catch let error as DataError {
            throw CheckpointError(.unreadable, error.message, path: path)
        }
        do {
            self = try Self.read(bytes)
        } catch let fault as Fault {
            throw CheckpointError(.notWhole, fault.message, path: path)
        }
    }

    private struct Fault: Error {
        let message: String
        init(_ message: String) { self.message = message }
    }

    private static func read(_ bytes: [UInt8]) throws -> SafetensorsFile {
        guard !bytes.isEmpty else { throw Fault("is empty") }
        guard bytes.count >= 8 else { throw Fault("is truncated: it has \(bytes.count) bytes") }
        let length = bytes.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
        guard length <= 1 << 27 else { throw Fault("is no safetensors file") }
        let start = 8 + Int(length)
        guard start <= bytes.count else {
            throw Fault("is truncated, or no safetensors file: its header should have \(length) bytes")
        }
        let header: [String: StateValue]
        do {
            guard let fields = try JSONReader.read(bytes[8..<start]).record else { throw Fault("has no header") }
            header = fields
        } catch let fault as JSONReader.Fault {
            throw Fault("is damaged, or no safetensors file: in its header \(fault)")
        }
        let entries = try entries(header, dataSize: bytes.count - start)
        let isVerified = try verify(bytes, entries, dataStart: start)
        var file = SafetensorsFile(
            metadata: (header["__metadata__"]?.record ?? [:]).compactMapValues(\.text), tensors: [])
        for entry in entries where entry.name != checksumName {
            let range = start + entry.range.lowerBound..<start + entry.range.upperBound
            guard let type = SafetensorsType(rawValue: entry.typeName) else {
                let known = SafetensorsType.allCases.map(\.rawValue).joined(separator: ", ")
                file.unreadable[entry.name] =
                    "has elements of type \(entry.typeName); those that can be read are \(known)"
                continue
            }
            let tensor = bytes.withUnsafeBytes { all in
                type.tensor(UnsafeRawBufferPointer(rebasing: all[range]), shape: entry.shape)
            }
            if let tensor {
                file.tensors.append((entry.name, tensor))
            } else {
                file.unreadable[entry.name] = "has integers that do not fit into 32 bits"
            }
        }
        file.isVerified = isVerified
        return file
    }

    /// One tensor of the header.
    private struct Entry {
        var name: String
        var typeName: String
        var shape: Shape
        var range: Range<Int>
    }

    /// The tensors by their place in the data, which they must fill without a gap.
    private static func entries(_ header: [String: StateValue], dataSize: Int) throws -> [Entry] {
        var entries: [Entry] = []
        for (name, value) in header where name != "__metadata__" {
            guard let typeName = value["dtype"]?.text,
                let dimensions = value["shape"]?.list?.map(\.integer), let offsets = value["data_offsets"]?.list,
                offsets.count == 2, let first = offsets[0].integer, let end = offsets[1].integer, first >= 0,
                end >= first,
                dimensions.allSatisfy({ ($0 ?? -1) >= 0 })
            else { throw Fault("is damaged: tensor '\(name)' is not described as it should be") }
            let shape = Shape(dimensions.compactMap(\.self))
            // How long the elements of another type are is not known; a model may not need them.
            if let type = SafetensorsType(rawValue: typeName) {
                let (size, overflows) = shape.elementCount.multipliedReportingOverflow(by: type.byteCount)
                guard !overflows, size == end - first else {
                    throw Fault("is damaged: tensor '\(name)' has \(end - first) bytes for the shape \(shape)")
                }
            }
            entries.append(Entry(name: name, typeName: typeName, shape: shape, range: first..<end))
        }
        entries.sort {
            ($0.range.lowerBound, $0.range.upperBound, $0.name) < ($1.range.lowerBound, $1.range.upperBound, $1.name)
        }
        var position = 0
        for entry in entries {
            guard entry.range.lowerBound == position else {
                throw Fault("is damaged: there is a gap before tensor '\(entry.name)'")
            }
            position = entry.range.upperBound
        }
        guard position == dataSize else {
            throw Fault(
                position > dataSize
                    ? "is truncated: \(dataSize) of \(position) bytes of data are there"
                    : "is damaged: \(dataSize - position) bytes follow its last tensor")
        }
        return entries
    }

    /// Whether there is a checksum, which then is right.
    private static func verify(_ bytes: [UInt8], _ entries: [Entry], dataStart: Int) throws -> Bool {
        guard let last = entries.last, last.name == checksumName, last.range.count == 4 else { return false }
        let end = dataStart + last.range.lowerBound
        let expected = bytes.withUnsafeBytes {
            UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: end, as: UInt32.self))
        }
        guard checksum(bytes[..<end]) == expected else { throw Fault("is damaged: its checksum does not match") }
        return true
    }

    /// CRC-32, in parts: zlib counts in 32 bits.
    private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        var sum = crc32(0, nil, 0)
        var rest = bytes
        while !rest.isEmpty {
            let part = rest.prefix(1 << 30)
            sum = part.withUnsafeBufferPointer { crc32(sum, $0.baseAddress, uInt($0.count)) }
            rest = rest.dropFirst(part.count)
        }
        return UInt32(sum)
    }
}
