import Glibc
import PeriluneData
import PeriluneGraph
import Testing

/// A file that is there while the test runs.
final class TemporaryFile {
    let path: String

    init(_ bytes: [UInt8], suffix: String = "") {
        var template = Array((P_tmpdir + "/perilune-test-XXXXXX\(suffix)").utf8CString)
        let descriptor = template.withUnsafeMutableBufferPointer { mkstemps($0.baseAddress!, Int32(suffix.utf8.count)) }
        path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
        _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        close(descriptor)
    }

    convenience init(_ text: String, suffix: String = "") { self.init(Array(text.utf8), suffix: suffix) }

    deinit { unlink(path) }
}

/// A float32 tensor of literals, which would otherwise fit either initializer.
func floats(_ values: [Float], shape: Shape) -> Tensor { Tensor(values, shape: shape) }

/// Expects `body` to throw a `DataError` whose line is `text`; FILE stands for the path of `file`.
func expectError(
    _ text: String, file: TemporaryFile? = nil, sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () throws -> Void
) {
    do {
        try body()
        Issue.record("no error; expected: \(text)", sourceLocation: sourceLocation)
    } catch let error as DataError {
        let parts = text.split(separator: "FILE", omittingEmptySubsequences: false)
        #expect(error.description == parts.joined(separator: file?.path ?? ""), sourceLocation: sourceLocation)
    } catch {
        Issue.record("another error: \(error)", sourceLocation: sourceLocation)
    }
}

/// Gzip with stored blocks, which needs no compressor.
func gzipped(_ bytes: [UInt8]) -> [UInt8] {
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
        crc ^= UInt32(byte)
        for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    func little(_ value: UInt32, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    var result: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
    var start = 0
    repeat {
        let end = min(start + 65_535, bytes.count)
        let size = UInt32(end - start)
        result += [end == bytes.count ? 1 : 0] + little(size, 2) + little(~size, 2) + bytes[start..<end]
        start = end
    } while start < bytes.count
    return result + little(~crc, 4) + little(UInt32(bytes.count), 4)
}

/// `count` examples: x is [i, i + 0.5], y is i % 3, the weight i.
func counted(_ count: Int, weighted: Bool = false) throws -> Dataset {
    let x = (0..<count).flatMap { [Float($0), Float($0) + 0.5] }
    return try .tensors(
        Tensor(x, shape: [count, 2]), Tensor((0..<count).map { Int32($0 % 3) }, shape: [count]),
        sampleWeights: weighted ? Tensor((0..<count).map { Float($0) }, shape: [count]) : nil)
}

extension Dataset {
    /// Which of the examples of `counted` this view shows.
    var numbers: [Int] {
        get throws { try input().floats.enumerated().filter { $0.offset % 2 == 0 }.map { Int($0.element) } }
    }
}
