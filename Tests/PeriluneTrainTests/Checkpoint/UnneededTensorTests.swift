import Foundation
import PeriluneGraph
import PeriluneNN
import PeriluneTestSupport
import Testing

@testable import PeriluneTrain

/// Tensors that a model has no use for do not keep it from reading its weights.
@Suite struct UnneededTensorTests {
    /// A file of two weights, and a third tensor of `type` with `count` bytes.
    private func write(_ folder: TemporaryFolder, third: String, type: String, bytes: [UInt8]) throws -> String {
        let header = """
            {"dense/kernel":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]},\
            "dense/bias":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},\
            "\(third)":{"dtype":"\(type)","shape":[1],"data_offsets":[8,\(8 + bytes.count)]}}
            """
        var data = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) }
        data.append(contentsOf: header.utf8)
        for value in [Float(2), 3] {
            withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
        }
        data.append(contentsOf: bytes)
        let path = folder.path("w.safetensors")
        try data.write(to: URL(fileURLWithPath: path))
        return path
    }

    private func state() throws -> ModelState {
        let model = Sequential([Dense(1, name: "dense")])
        try model.build(inputShapes: [[1]])
        return ModelState(model, seed: 1)
    }

    @Test(
        arguments: [
            ("F32", [0, 0, 0, 0]), ("F8_E4M3", [1]), ("I64", [255, 255, 255, 255, 255, 255, 255, 127]),
        ] as [(String, [UInt8])])
    func strangersOfAnyTypeArePassedOver(type: String, bytes: [UInt8]) throws {
        let folder = try TemporaryFolder()
        let state = try state()
        let unused = try state.loadWeights(from: write(folder, third: "batches", type: type, bytes: bytes))
        #expect(unused == ["batches"])
        #expect(try state.readWeights().map(\.floats) == [[2], [3]])
    }

    @Test func aWeightThatCannotBeReadIsNamed() throws {
        let folder = try TemporaryFolder()
        let path = try write(folder, third: "dense_1/kernel", type: "F8_E4M3", bytes: [1])
        let model = Sequential([Dense(1, name: "dense"), Dense(1, usesBias: false, name: "dense_1")])
        try model.build(inputShapes: [[1]])
        do {
            try ModelState(model, seed: 1).loadWeights(from: path)
            Issue.record("no error")
        } catch let error as CheckpointError {
            #expect(error.description.contains("tensor 'dense_1/kernel' has elements of type F8_E4M3"))
        }
    }
}
