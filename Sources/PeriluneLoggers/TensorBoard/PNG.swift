import CZlib
import PeriluneTrain

/// Pictures in shades of grey as PNG files (https://www.w3.org/TR/png/), packed by zlib.
enum PNG {
    /// - Parameters:
    ///   - width: from 1 to 2^31 - 1, as is `height`.
    ///   - shade: that of a pixel, from black at 0 to white at 255.
    /// - Throws: `TrainingError` where zlib finds no memory.
    static func file(width: Int, height: Int, shade: (_ row: Int, _ column: Int) -> UInt8) throws -> [UInt8] {
        var lines: [UInt8] = []
        lines.reserveCapacity(height * (width + 1))
        for row in 0..<height {
            // No filter: neighbours in a weight have nothing in common.
            lines.append(0)
            for column in 0..<width { lines.append(shade(row, column)) }
        }
        // 8 bits a pixel, grey, and the only methods of packing, filtering and interlacing that there are, or none.
        let header = bigEndian(UInt32(width)) + bigEndian(UInt32(height)) + [8, 0, 0, 0, 0]
        return try signature + chunk("IHDR", header) + chunk("IDAT", packed(lines)) + chunk("IEND", [])
    }

    private static let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

    private static func chunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
        let body = Array(type.utf8) + content
        let sum = UInt32(truncatingIfNeeded: unsafe crc32(0, body, uInt(body.count)))
        return bigEndian(UInt32(content.count)) + body + bigEndian(sum)
    }

    /// Fast, since weights are noise that hardly packs.
    private static func packed(_ bytes: [UInt8]) throws(TrainingError) -> [UInt8] {
        var size = compressBound(uLong(bytes.count))
        var result = [UInt8](repeating: 0, count: Int(size))
        let status = unsafe compress2(&result, &size, bytes, uLong(bytes.count), Z_BEST_SPEED)
        guard status == Z_OK else { throw TrainingError(.fileFailed, "zlib cannot pack an image (\(status))") }
        return Array(result.prefix(Int(size)))
    }

    private static func bigEndian(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }
}
