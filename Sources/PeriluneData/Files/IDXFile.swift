/// One array in the IDX format of the MNIST files: a magic number with type and rank, the extents, then the elements,
/// all big-endian.
struct IDXFile {
    enum ElementType: UInt8 {
        case uint8 = 0x08
        case int8 = 0x09
        case int16 = 0x0B
        case int32 = 0x0C
        case float32 = 0x0D
        case float64 = 0x0E

        var byteCount: Int {
            switch self {
            case .uint8, .int8: 1
            case .int16: 2
            case .int32, .float32: 4
            case .float64: 8
            }
        }
    }

    let path: String
    let type: ElementType
    /// At least one axis, each extent at least 1.
    let extents: [Int]
    private let bytes: [UInt8]
    private let start: Int

    /// - Throws: `DataError` where the file cannot be read, is no IDX file, or is shorter or longer than it says.
    init(_ path: String, request: MemoryRequest = { _ in }) throws {
        let bytes = try FileBytes.read(path, request: request)
        func malformed(_ message: String) -> DataError { DataError(.malformed, message, file: path) }
        guard bytes.count >= 4 else { throw malformed("is not an IDX file: it has \(bytes.count) bytes") }
        guard bytes[0] == 0, bytes[1] == 0, let type = ElementType(rawValue: bytes[2]), bytes[3] >= 1 else {
            let magic = bytes[..<4].map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }
            throw malformed("is not an IDX file: it begins with \(magic.joined(separator: " "))")
        }
        let rank = Int(bytes[3])
        start = 4 + 4 * rank
        guard bytes.count >= start else { throw malformed("is truncated within its header") }
        extents = (0..<rank).map { axis in bytes[4 + 4 * axis..<8 + 4 * axis].reduce(0) { $0 << 8 | Int($1) } }
        var expected = type.byteCount
        for extent in extents {
            guard extent > 0 else { throw malformed("has no elements: its shape is \(extents)") }
            let (product, overflows) = expected.multipliedReportingOverflow(by: extent)
            guard !overflows else { throw malformed("has an impossible shape: \(extents)") }
            expected = product
        }
        guard bytes.count - start == expected else {
            let verb = bytes.count - start < expected ? "is truncated" : "is too long"
            throw malformed(
                "\(verb): the shape \(extents) takes \(expected) bytes, the file has \(bytes.count - start)")
        }
        self.path = path
        self.type = type
        self.bytes = bytes
    }

    /// The elements as float32, each divided by `divisor`; doubles that do not fit become infinite.
    func floats(dividedBy divisor: Float) -> [Float] {
        switch type {
        case .uint8:
            // By table: 256 quotients instead of millions, which a product with 1/255 would not round alike.
            let table = (0..<256).map { Float($0) / divisor }
            return bytes[start...].map { table[Int($0)] }
        case .int8: return bytes[start...].map { Float(Int8(bitPattern: $0)) / divisor }
        case .int16: return words(2).map { Float(Int16(truncatingIfNeeded: $0)) / divisor }
        case .int32: return words(4).map { Float(Int32(truncatingIfNeeded: $0)) / divisor }
        case .float32: return words(4).map { Float(bitPattern: UInt32(truncatingIfNeeded: $0)) / divisor }
        case .float64: return words(8).map { Float(Double(bitPattern: $0)) / divisor }
        }
    }

    /// The elements as int32; nil where they are floating-point numbers.
    func integers() -> [Int32]? {
        switch type {
        case .uint8: bytes[start...].map(Int32.init)
        case .int8: bytes[start...].map { Int32(Int8(bitPattern: $0)) }
        case .int16: words(2).map { Int32(Int16(truncatingIfNeeded: $0)) }
        case .int32: words(4).map { Int32(truncatingIfNeeded: $0) }
        case .float32, .float64: nil
        }
    }

    /// One at a time: all at once they would take more than the file and what is made of it.
    private func words(_ size: Int) -> some Sequence<UInt64> {
        stride(from: start, to: bytes.count, by: size).lazy.map { offset in
            bytes[offset..<offset + size].reduce(0) { $0 << 8 | UInt64($1) }
        }
    }

    /// How many elements there are.
    var count: Int { (bytes.count - start) / type.byteCount }
}
