/// The frame of a record in TensorFlow's record files: length and content, each with a checksum.
enum TFRecord {
    static func framed(_ content: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(content.count + 16)
        ProtocolBuffer.append(UInt64(content.count), to: &bytes)
        ProtocolBuffer.append(maskedChecksum(bytes), to: &bytes)
        bytes += content
        ProtocolBuffer.append(maskedChecksum(content), to: &bytes)
        return bytes
    }

    /// CRC-32C, turned and moved, because the sums of data that contain their own sums are bad ones.
    static func maskedChecksum(_ bytes: [UInt8]) -> UInt32 {
        let sum = checksum(bytes)
        return (sum >> 15 | sum << 17) &+ 0xa282_ead8
    }

    /// CRC-32C (Castagnoli): not the polynomial of zlib's.
    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var sum = UInt32.max
        for byte in bytes { sum = table[Int((sum ^ UInt32(byte)) & 0xff)] ^ sum >> 8 }
        return ~sum
    }

    private static let table: [UInt32] = (0..<256).map { index in
        var value = UInt32(index)
        for _ in 0..<8 { value = value & 1 == 1 ? 0x82f6_3b78 ^ value >> 1 : value >> 1 }
        return value
    }
}
