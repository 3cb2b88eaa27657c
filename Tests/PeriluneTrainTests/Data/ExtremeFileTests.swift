import Foundation
import PeriluneGraph
import PeriluneTestSupport
import Testing

@testable import PeriluneData
@testable import PeriluneTrain

/// Whatever numbers a file holds, reading it is an error or gives values: no arithmetic on them traps, and nothing is
/// taken for what the file only claims to have.
struct ExtremeFileTests {
    private static let numbers = [
        "-1", "0", "1", "2147483647", "2147483648", "4294967296", "4611686018427387904", "9223372036854775807",
        "9223372036854775808", "18446744073709551616", "1e300", "-9223372036854775808", "1.5",
    ]

    @Test(arguments: ["F32", "F64", "I64", "I32", "BF16", "U8", "X9"]) func `headers of safetensors`(type: String)
        throws
    {
        let folder = try TemporaryFolder()
        let path = folder.path("f.safetensors")
        for shape in Self.numbers.flatMap({ [[$0], [$0, "2"], [$0, $0], ["4", $0, "4611686018427387904"]] }) {
            for offsets in Self.numbers.flatMap({ [["0", $0], [$0, $0], [$0, "8"]] }) {
                let header = """
                    {"a":{"dtype":"\(type)","shape":[\(shape.joined(separator: ","))],\
                    "data_offsets":[\(offsets.joined(separator: ","))]}}
                    """
                var bytes = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) }
                bytes += Array(header.utf8) + [UInt8](repeating: 0, count: 8)
                try Data(bytes).write(to: URL(fileURLWithPath: path))
                do {
                    let file = try SafetensorsFile(contentsOf: path)
                    for (_, tensor) in file.tensors { #expect(tensor.elementCount <= 8) }
                } catch {
                    #expect(error is CheckpointError)
                }
            }
        }
        // The length of the header itself.
        for length in [UInt64.max, 1 << 63, 1 << 62, 1 << 27, 9] {
            let bytes = withUnsafeBytes(of: length.littleEndian) { Array($0) } + Array("{}".utf8)
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            #expect(throws: CheckpointError.self) { try SafetensorsFile(contentsOf: path) }
        }
    }

    @Test(arguments: [0x08, 0x09, 0x0B, 0x0C, 0x0D, 0x0E] as [UInt8]) func `headers of IDX files`(type: UInt8) throws {
        let extents: [UInt32] = [0, 1, 2, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF]
        for first in extents {
            for second in extents {
                for rank in [1, 2, 3, 4, 9, 255] {
                    let all = [first, second] + [UInt32](repeating: 0xFFFF_FFFF, count: 253)
                    let header = all.prefix(rank).flatMap { extent in
                        (0..<4).reversed().map { UInt8(truncatingIfNeeded: extent >> ($0 * 8)) }
                    }
                    let file = TemporaryFile([0, 0, type, UInt8(rank)] + header + [UInt8](repeating: 0, count: 16))
                    var largest = 0
                    do {
                        _ = try Dataset.idx(images: file.path, labels: file.path) { largest = max(largest, $0) }
                    } catch {
                        #expect(error is DataError)
                    }
                    #expect(largest <= 2000)
                }
            }
        }
    }

    @Test func `cells of tables`() throws {
        let cells =
            Self.numbers + [
                "1e400", "-1e400", "1e-400", "3.5e38", "-3.5e38", "nan", "-inf", "0x7fffffffffffffff", "NA",
            ]
        for cell in cells {
            for other in ["1", "2147483648", "1e300"] {
                let file = TemporaryFile("a,b\n\(cell),\(other)\n\(other),\(cell)\n\(cell),x\n1,2\n")
                for fill in [.mean, .median, .mode, .number(1e300), .number(-1), .drop] as [MissingValues.Fill] {
                    for (targets, categories) in [([], []), (["b"], []), (["b"], ["b"]), (["b"], ["a", "b"])]
                        as [([CSVColumn], [CSVColumn])]
                    {
                        var options = CSVOptions(targets: targets, categories: categories)
                        options.missing = MissingValues(values: ["NA", "x"], fill: fill)
                        do {
                            let data = try Dataset.csv(file.path, options: options)
                            #expect(try data.input().floats.allSatisfy(\.isFinite))
                            try data.validateLabels(classes: 2)
                            _ = try data.normalized()
                        } catch {
                            #expect(error is DataError)
                        }
                    }
                }
            }
        }
    }
}
