import Glibc
import PeriluneGraph
import Testing

@testable import PeriluneData

@Suite struct IDXTests {
    private func idx(_ type: UInt8, _ extents: [Int], _ data: [UInt8]) -> [UInt8] {
        [0, 0, type, UInt8(extents.count)]
            + extents.flatMap { extent in (0..<4).reversed().map { UInt8(truncatingIfNeeded: extent >> ($0 * 8)) } }
            + data
    }

    @Test func imagesAndLabels() throws {
        let images = TemporaryFile(gzipped(idx(8, [2, 1, 2], [0, 255, 51, 1])), suffix: ".gz")
        let labels = TemporaryFile(idx(8, [2], [7, 3]))
        let data = try Dataset.idx(images: images.path, labels: labels.path)
        #expect(try data.input() == floats([0, 1, 0.2, 0.003921569], shape: [2, 1, 2, 1]))
        #expect(try data.target() == Tensor([7, 3] as [Int32], shape: [2]))
        #expect(try Dataset.idx(images: images.path, scale: false).input().floats == [0, 255, 51, 1])
        expectError("FILE:1: column 'y': label 7 is out of range; there are 5 classes, 0...4", file: labels) {
            try data.validateLabels(classes: 5)
        }
    }

    private func images(_ bytes: [UInt8]) throws -> Dataset {
        let file = TemporaryFile(bytes)
        return try withExtendedLifetime(file) { try .idx(images: file.path) }
    }

    @Test func everyElementType() throws {
        func floats(_ type: UInt8, _ extents: [Int], _ bytes: [UInt8]) throws -> [Float] {
            try images(idx(type, extents, bytes)).input().floats
        }
        #expect(try floats(0x09, [1, 2], [0xFF, 5]) == [-1, 5])
        #expect(try floats(0x0B, [1, 2], [0xFF, 0xFE, 1, 0]) == [-2, 256])
        #expect(try floats(0x0C, [1, 1], [0xFF, 0xFF, 0xFF, 0xFD]) == [-3])
        #expect(try floats(0x0D, [1, 1], [0x3F, 0xC0, 0, 0]) == [1.5])
        #expect(try floats(0x0E, [1, 1], [0xC0, 0x04, 0, 0, 0, 0, 0, 0]) == [-2.5])
        #expect(
            try images(idx(8, [1, 1, 2, 3], [0, 0, 0, 0, 0, 0])).input().shape == [1, 1, 2, 3])
    }

    @Test func faults() throws {
        func expectFault(_ text: String, _ bytes: [UInt8], suffix: String = "", labels: [UInt8]? = nil) {
            let file = TemporaryFile(bytes, suffix: suffix)
            let labelFile = labels.map { TemporaryFile($0) }
            expectError(text.replacing("LABELS", with: labelFile?.path ?? ""), file: file) {
                _ = try Dataset.idx(images: file.path, labels: labelFile?.path)
            }
        }
        let good = idx(8, [2, 1, 2], [0, 255, 51, 1])
        expectFault("FILE: is not an IDX file: it has 0 bytes", [])
        expectFault("FILE: is not an IDX file: it begins with 89 50 4e 47", [0x89, 0x50, 0x4E, 0x47, 1])
        expectFault("FILE: is not an IDX file: it begins with 00 00 07 01", [0, 0, 7, 1])
        expectFault("FILE: is truncated within its header", Array(good[..<10]))
        expectFault("FILE: is truncated: the shape [2, 1, 2] takes 4 bytes, the file has 3", good.dropLast())
        expectFault("FILE: is too long: the shape [2, 1, 2] takes 4 bytes, the file has 5", good + [0])
        expectFault("FILE: has no elements: its shape is [0, 2]", idx(8, [0, 2], []))
        let huge = Int(UInt32.max)
        expectFault("FILE: has an impossible shape: [\(huge), \(huge), \(huge)]", idx(8, [huge, huge, huge], []))
        expectFault("FILE: images have 2, 3 or 4 axes; these have the shape [2]", idx(8, [2], [0, 0]))
        expectFault("FILE:1: column 'x[1]': nan is not finite", idx(0x0D, [1, 1], [0x7F, 0xC0, 0, 0]))
        expectFault("LABELS: has 3 labels where FILE has 2 images", good, labels: idx(8, [3], [0, 0, 0]))
        expectFault(
            "LABELS: labels are one whole number per image; this file has the shape [2, 1]", good,
            labels: idx(8, [2, 1], [0, 0]))
        expectFault("FILE: is named .gz but is not a gzip file", good, suffix: ".gz")
        expectFault("FILE: the gzip data is truncated", gzipped(good).dropLast(9))
        var damaged = gzipped(good)
        damaged[damaged.count - 6] ^= 1
        expectFault("FILE: the gzip data is damaged: incorrect data check", damaged)
    }

    @Test func allMemoryIsAskedForBeforeItIsTaken() throws {
        let images = TemporaryFile(idx(0x0E, [1000, 1], [UInt8](repeating: 0, count: 8000)))
        let labels = TemporaryFile(idx(8, [1000], [UInt8](repeating: 1, count: 1000)))
        var requests: [Int] = []
        _ = try Dataset.idx(images: images.path, labels: labels.path) { requests.append($0) }
        // Each file, then what is made of it.
        #expect(requests == [8012, 4000, 1008, 4000])
        struct TooMuch: Error {}
        for limit in [8000, 4011] {
            #expect(throws: TooMuch.self) {
                _ = try Dataset.idx(images: images.path, labels: labels.path) { if $0 > limit { throw TooMuch() } }
            }
        }
    }

    @Test func gzipMembersAndLargeData() throws {
        let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
        #expect(try Gzip.unpack(gzipped(bytes), file: nil) == bytes)
        #expect(try Gzip.unpack(gzipped([1, 2]) + gzipped([3]), file: nil) == [1, 2, 3])
        #expect(try Gzip.unpack(gzipped([]), file: nil) == [])
        expectError("the gzip data is damaged: incorrect header check") {
            _ = try Gzip.unpack(gzipped([1]) + [0, 0, 0], file: nil)
        }
    }

    /// The MNIST test files, which are too large to be part of the project.
    static let folder: String? = {
        let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        let folder = getenv("PERILUNE_DATA").map { String(cString: $0) } ?? "/\(root)/../shared/data"
        return access("\(folder)/t10k-images-idx3-ubyte.gz", R_OK) == 0 ? folder : nil
    }()

    @Test(.enabled(if: folder != nil, "the MNIST files are not there; PERILUNE_DATA may name their folder"))
    func mnist() throws {
        let folder = try #require(Self.folder)
        let data = try Dataset.idx(
            images: "\(folder)/t10k-images-idx3-ubyte.gz", labels: "\(folder)/t10k-labels-idx1-ubyte.gz")
        #expect(data.count == 10_000)
        #expect(data.layout?.inputs[0].spec == TensorSpec([28, 28, 1]))
        #expect(try data.take(5).target().integers == [7, 2, 1, 0, 4])
        try data.validateLabels(classes: 10)
    }
}
