import CZlib
import PeriluneGraph
import Testing

@testable import PeriluneData

/// A small file cannot take more memory than its reader was allowed, whatever it unpacks to.
@Suite struct MemoryRequestTests {
    private struct TooMuch: Error {}

    /// Rows of two numbers, packed some hundred times smaller.
    private func bomb(rows: Int) -> [UInt8] {
        let text = Array(repeating: Array("1,2\n".utf8), count: rows).flatMap(\.self)
        var stream = z_stream()
        deflateInit2_(
            &stream, 9, Z_DEFLATED, 16 + 15, 9, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        var packed = [UInt8](repeating: 0, count: text.count)
        text.withUnsafeBufferPointer { source in
            packed.withUnsafeMutableBufferPointer { target in
                stream.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(target.count)
                _ = deflate(&stream, Z_FINISH)
            }
        }
        packed.removeLast(Int(stream.avail_out))
        deflateEnd(&stream)
        return packed
    }

    @Test func aPackedFileIsReadAsFarAsMemoryIsGranted() throws {
        let packed = bomb(rows: 500_000)
        #expect(packed.count < 20_000)
        // What the file says of its size may be a lie: it is told last, and counts for nothing.
        for bytes in [packed, packed.dropLast(4) + [0, 0, 0, 0]] {
            let file = TemporaryFile(Array(bytes), suffix: ".csv.gz")
            var largest = 0
            #expect(throws: TooMuch.self) {
                _ = try Dataset.csv(file.path) { bytes in
                    if bytes > 1 << 20 { throw TooMuch() }
                    largest = max(largest, bytes)
                }
            }
            #expect(largest <= 1 << 20)
        }
        let file = TemporaryFile(packed, suffix: ".csv.gz")
        var requests: [Int] = []
        #expect(try Dataset.csv(file.path) { requests.append($0) }.count == 500_000)
        #expect(requests.max() ?? 0 >= 500_000 * 12)
    }

    @Test func plainFilesAskToo() throws {
        let file = TemporaryFile("1,2\n3,4\n")
        var requests: [Int] = []
        _ = try Dataset.csv(file.path) { requests.append($0) }
        #expect(requests == [8, 16, 36])
        #expect(throws: TooMuch.self) { _ = try Dataset.csv(file.path) { _ in throw TooMuch() } }
    }
}
