/// A message of Protocol Buffers, written field by field (https://protobuf.dev/programming-guides/encoding/).
struct ProtocolBuffer {
    private(set) var bytes: [UInt8] = []

    private enum WireType: UInt64 {
        case variable = 0
        case eightBytes = 1
        case counted = 2
        case fourBytes = 5
    }

    mutating func add(_ field: UInt64, _ value: Int) {
        addKey(field, .variable)
        addVariable(UInt64(bitPattern: Int64(value)))
    }

    mutating func add(_ field: UInt64, _ value: Double) {
        addKey(field, .eightBytes)
        Self.append(value.bitPattern, to: &bytes)
    }

    mutating func add(_ field: UInt64, _ value: Float) {
        addKey(field, .fourBytes)
        Self.append(value.bitPattern, to: &bytes)
    }

    mutating func add(_ field: UInt64, _ text: String) { addCounted(field, Array(text.utf8)) }

    mutating func add(_ field: UInt64, _ bytes: [UInt8]) { addCounted(field, bytes) }

    mutating func add(_ field: UInt64, _ message: ProtocolBuffer) { addCounted(field, message.bytes) }

    /// Packed, as numbers of one field are.
    mutating func add(_ field: UInt64, _ values: [Double]) {
        var packed: [UInt8] = []
        packed.reserveCapacity(8 * values.count)
        for value in values { Self.append(value.bitPattern, to: &packed) }
        addCounted(field, packed)
    }

    private mutating func addCounted(_ field: UInt64, _ content: [UInt8]) {
        addKey(field, .counted)
        addVariable(UInt64(content.count))
        bytes += content
    }

    private mutating func addKey(_ field: UInt64, _ type: WireType) { addVariable(field << 3 | type.rawValue) }

    private mutating func addVariable(_ value: UInt64) {
        var rest = value
        while rest > 0x7f {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// Appends an integer, lowest byte first.
    static func append<Value: FixedWidthInteger>(_ value: Value, to bytes: inout [UInt8]) {
        for place in 0..<Value.bitWidth / 8 { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * place))) }
    }
}
