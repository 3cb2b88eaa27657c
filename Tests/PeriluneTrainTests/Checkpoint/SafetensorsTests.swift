import Foundation
import PeriluneGraph
import PeriluneTestSupport
import Testing

@testable import PeriluneTrain

@Suite("Files of tensors")
struct SafetensorsTests {
    private static let tensors: [(name: String, tensor: Tensor)] = [
        ("dense/kernel", floats([1, -2.5, .infinity, .leastNonzeroMagnitude], shape: [2, 2])),
        ("empty", Tensor([Float](), shape: [0, 3])),
        ("labels", Tensor([Int32(7), -1], shape: [2])), ("scalar", Tensor(0.5)),
    ]

    @Test("Tensors and texts come back as they were")
    func roundTrip() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("a.safetensors")
        try SafetensorsFile(metadata: ["note": "ä \" b"], tensors: Self.tensors).write(to: path)
        let file = try SafetensorsFile(contentsOf: path)
        #expect(file.isVerified)
        #expect(file.metadata == ["note": "ä \" b"])
        #expect(file.tensors.map(\.name) == Self.tensors.map(\.name))
        #expect(file.tensors.map(\.tensor) == Self.tensors.map(\.tensor))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("")) == ["a.safetensors"])
    }

    @Test("A checkpoint with any one bit flipped, or cut anywhere, is refused")
    func damaged() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("a.safetensors")
        try Checkpoint(["engine": ["weights": ["w": .tensor(floats([1, 2], shape: [2]))]], "n": 3]).write(to: path)
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(try Checkpoint(contentsOf: path).state["n"] == 3)
        let damagedPath = folder.path("b.safetensors")
        func isRefused(_ data: Data) throws -> Bool {
            try data.write(to: URL(fileURLWithPath: damagedPath))
            do {
                _ = try Checkpoint(contentsOf: damagedPath)
                return false
            } catch let error as CheckpointError {
                return error.code == .notWhole && error.path == damagedPath
            }
        }
        for position in whole.indices {
            var flipped = whole
            flipped[position] ^= 1 << UInt8(position % 8)
            #expect(try isRefused(flipped), "byte \(position)")
            #expect(try isRefused(whole[..<position]), "cut at \(position)")
        }
        #expect(try isRefused(whole + Data([0])))
        #expect(try isRefused(Data("not a checkpoint, but some text".utf8)))
    }

    @Test("Files of others are read, with half and double precision")
    func foreign() throws {
        let folder = try TemporaryFolder()
        let header = """
            {"h":{"dtype":"F16","shape":[4],"data_offsets":[0,8]},\
            "b":{"dtype":"BF16","shape":[1],"data_offsets":[8,10]},\
            "d":{"dtype":"F64","shape":[1],"data_offsets":[10,18]},\
            "l":{"dtype":"I64","shape":[],"data_offsets":[18,26]}}
            """
        var data = Data()
        withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { data.append(contentsOf: $0) }
        data.append(Data(header.utf8))
        for half: UInt16 in [0x3C00, 0xC000, 0x0001, 0x7C00] {
            withUnsafeBytes(of: half.littleEndian) { data.append(contentsOf: $0) }
        }
        withUnsafeBytes(of: UInt16(0x3FC0).littleEndian) { data.append(contentsOf: $0) }
        withUnsafeBytes(of: 0.1.bitPattern.littleEndian) { data.append(contentsOf: $0) }
        withUnsafeBytes(of: Int64(-5).littleEndian) { data.append(contentsOf: $0) }
        let path = folder.path("f.safetensors")
        try data.write(to: URL(fileURLWithPath: path))
        let file = try SafetensorsFile(contentsOf: path)
        #expect(!file.isVerified)
        let tensors = Dictionary(uniqueKeysWithValues: file.tensors.map { ($0.name, $0.tensor) })
        #expect(tensors["h"]?.floats == [1, -2, 0x1p-24, .infinity])
        #expect(tensors["b"]?.floats == [1.5])
        #expect(tensors["d"]?.floats == [0.1])
        #expect(tensors["l"]?.integers == [-5])
        #expect(throws: CheckpointError.self) { try Checkpoint(contentsOf: path) }
    }

    @Test("A file that cannot be written leaves the old one whole")
    func unwritable() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("none/a.safetensors")
        let error = #expect(throws: CheckpointError.self) { try SafetensorsFile(tensors: Self.tensors).write(to: path) }
        #expect(error?.code == .unwritable)
        #expect(error?.description == "\(path): cannot be written: No such file or directory")
    }
}
