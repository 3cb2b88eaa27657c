import Glibc

/// Text in memory with line ends behind it, so that a scanner need not ask at each byte whether the text is over.
///
/// Sendable as nothing changes it once it is made.
final class TextBytes: @unchecked Sendable {
    /// How many line ends stand behind the text; scanners look so far ahead at most.
    static let padding = 64

    let start: UnsafePointer<UInt8>
    let count: Int
    private let memory: UnsafeMutablePointer<UInt8>

    var end: UnsafePointer<UInt8> { start + count }

    init(_ bytes: [UInt8]) {
        let count = bytes.count
        let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: count + Self.padding)
        bytes.withUnsafeBufferPointer { source in
            if let base = source.baseAddress { memory.initialize(from: base, count: source.count) }
        }
        (memory + count).initialize(repeating: UInt8(ascii: "\n"), count: Self.padding)
        (self.count, self.memory, start) = (count, memory, UnsafePointer(memory))
    }

    deinit { memory.deallocate() }

    /// The text of a file, as UTF-8.
    ///
    /// - Throws: `DataError` where the file cannot be read, or is no text in this encoding; what `request` throws.
    convenience init(file path: String, encoding: CSVFormat.Encoding, request: MemoryRequest) throws {
        let bytes = try FileBytes.read(path, request: request)
        try request(2 * bytes.count)
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            throw DataError(.malformed, "is UTF-16 text; save it as UTF-8", file: path)
        }
        let hasZero = bytes.withUnsafeBytes { buffer in
            buffer.baseAddress.map { memchr($0, 0, buffer.count) != nil } ?? false
        }
        guard !hasZero else { throw DataError(.malformed, "is not UTF-8 text: it has zero bytes", file: path) }
        switch encoding {
        case .utf8: self.init(bytes)
        case .latin1: self.init(Self.utf8(latin1: bytes))
        }
    }

    /// The characters of Latin-1 are the first 256 of Unicode.
    private static func utf8(latin1 bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + bytes.count / 8)
        for byte in bytes {
            if byte < 0x80 {
                result.append(byte)
            } else {
                result.append(0xC0 | byte >> 6)
                result.append(0x80 | byte & 0x3F)
            }
        }
        return result
    }
}
