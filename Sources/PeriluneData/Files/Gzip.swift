import CZlib

/// Unpacks gzip data (RFC 1952) with zlib, which checks length and CRC.
enum Gzip {
    /// - Parameter file: what errors call the data; nil where it is part of the program.
    /// - Throws: `DataError` where the data is truncated, damaged or followed by something else; what `request` throws.
    static func unpack(
        _ packed: [UInt8], file: String?, request: MemoryRequest = { _ in }
    ) throws -> [UInt8] {
        var stream = z_stream()
        // 16 asks for the gzip wrapper, 15 for the largest window.
        let opened = inflateInit2_(&stream, 16 + 15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard opened == Z_OK else { throw DataError(.unreadable, "zlib cannot start (\(opened))", file: file) }
        defer { inflateEnd(&stream) }

        let expected = expectedSize(packed)
        try request(expected)
        var result = [UInt8](repeating: 0, count: expected)
        var (consumed, filled) = (0, 0)
        while true {
            if filled == result.count {
                try request(2 * result.count)
                result.append(contentsOf: repeatElement(0, count: result.count))
            }
            let (status, read, written) = step(&stream, packed, consumed, &result, filled)
            consumed += read
            filled += written
            switch status {
            case Z_STREAM_END:
                guard consumed < packed.count else {
                    result.removeLast(result.count - filled)
                    return result
                }
                // Another member follows, as `cat a.gz b.gz` makes them.
                inflateReset(&stream)
            case Z_OK, Z_BUF_ERROR:
                if read == 0, written == 0, filled < result.count {
                    throw DataError(.malformed, "the gzip data is truncated", file: file)
                }
            default:
                let reason = stream.msg.map { String(cString: $0) } ?? "zlib error \(status)"
                throw DataError(.malformed, "the gzip data is damaged: \(reason)", file: file)
            }
        }
    }

    /// Inflates once, from `consumed` on into the free part of `result`: zlib's status, and how far it came.
    private static func step(
        _ stream: inout z_stream, _ packed: [UInt8], _ consumed: Int, _ result: inout [UInt8], _ filled: Int
    ) -> (status: Int32, read: Int, written: Int) {
        packed.withUnsafeBufferPointer { source in
            result.withUnsafeMutableBufferPointer { target in
                // zlib counts in 32 bits: larger data goes through in parts. It only reads what next_in points at.
                let input = min(source.count - consumed, Int(Int32.max))
                let output = min(target.count - filled, Int(Int32.max))
                stream.next_in = UnsafeMutablePointer(mutating: source.baseAddress! + consumed)
                stream.avail_in = UInt32(input)
                stream.next_out = target.baseAddress! + filled
                stream.avail_out = UInt32(output)
                let status = inflate(&stream, Z_NO_FLUSH)
                return (status, input - Int(stream.avail_in), output - Int(stream.avail_out))
            }
        }
    }

    /// The unpacked size as the last four bytes give it, where that is plausible: deflate packs 1 : 1032 at best.
    private static func expectedSize(_ packed: [UInt8]) -> Int {
        let claimed = packed.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        return max(1024, claimed <= packed.count * 1032 ? claimed : packed.count * 4)
    }
}
