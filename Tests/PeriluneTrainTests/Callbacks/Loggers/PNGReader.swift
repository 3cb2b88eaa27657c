import CZlib
import Testing

/// Reads grey PNG files for tests, and checks every checksum. Independent of the writer but for zlib.
struct PNGReader {
    var width = 0
    var height = 0
    /// Row after row.
    var shades: [UInt8] = []

    init(_ file: [UInt8]) throws {
        #expect(file.prefix(8) == [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
        func number(_ place: Int) -> Int { file[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
        var chunks: [String] = []
        var place = 8
        while place < file.count {
            let length = number(place)
            let type = String(decoding: file[place + 4..<place + 8], as: UTF8.self)
            chunks.append(type)
            #expect(number(place + 8 + length) == Int(Self.checksum(file[place + 4..<place + 8 + length])))
            if type == "IHDR" {
                (width, height) = (number(place + 8), number(place + 12))
                #expect(file[place + 16..<place + 21] == [8, 0, 0, 0, 0])
            }
            if type == "IDAT" {
                var size = uLong(height * (width + 1))
                var lines = [UInt8](repeating: 1, count: Int(size))
                #expect(uncompress(&lines, &size, Array(file[place + 8..<place + 8 + length]), uLong(length)) == Z_OK)
                try #require(Int(size) == lines.count)
                for row in 0..<height {
                    let line = lines[row * (width + 1)..<(row + 1) * (width + 1)]
                    #expect(line.first == 0)
                    shades += line.dropFirst()
                }
            }
            place += 12 + length
        }
        #expect(place == file.count)
        #expect(chunks == ["IHDR", "IDAT", "IEND"])
    }

    /// CRC-32, bit by bit, as the polynomial is defined.
    private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        var sum = UInt32.max
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xedb8_8320 : sum >> 1 }
        }
        return ~sum
    }
}
