import PeriluneGraph
import Testing

@testable import PeriluneData

@Suite struct TensorSourceTests {
    @Test func layoutDescribesOneExample() throws {
        let data = try counted(4, weighted: true)
        #expect(data.count == 4)
        #expect(
            data.layout
                == DataLayout(
                    inputs: [DataField(name: "x", spec: TensorSpec([2]))],
                    targets: [DataField(name: "y", spec: TensorSpec(.scalar, .int32))], hasSampleWeights: true))
    }

    @Test func severalInputsAndTargets() throws {
        let ones = Tensor(repeating: 1, shape: [3, 4])
        let data = try Dataset.tensors(inputs: [("image", ones), ("text", ones)], targets: [("a", ones), ("b", ones)])
        #expect(data.layout?.inputs.map(\.name) == ["image", "text"])
        #expect(try data.target(1) == ones)
        expectError("the data set has 2 inputs, no number 3") { _ = try data.input(2) }
        expectError("two inputs or targets are named 'a'") {
            _ = try Dataset.tensors(inputs: [("a", ones)], targets: [("a", ones)])
        }
    }

    @Test func countsMustAgree() throws {
        let x = Tensor(repeating: 0, shape: [3, 2])
        expectError("y has 2 examples where x has 3") { _ = try Dataset.tensors(x, Tensor(repeating: 0, shape: [2])) }
        expectError("sample_weight has 4 examples where x has 3") {
            _ = try Dataset.tensors(x, sampleWeights: Tensor(repeating: 1, shape: [4]))
        }
        expectError("sample weights must be one number per example, got the shape [3, 2]") {
            _ = try Dataset.tensors(x, sampleWeights: x)
        }
        expectError("x has no examples: its shape is [0, 2]") {
            _ = try Dataset.tensors(Tensor([Float](), shape: [0, 2]))
        }
        expectError("x has no examples: its shape is []") { _ = try Dataset.tensors(Tensor(1)) }
        expectError("a data set needs an input") { _ = try Dataset.tensors(inputs: []) }
    }

    @Test func valuesMustBeFinite() throws {
        expectError("row 2: column 'x[1]': nan is not finite") {
            _ = try Dataset.tensors(floats([1, 2, .nan, 4], shape: [2, 2]))
        }
        expectError("row 2: column 'x[2,1,2]': -inf is not finite") {
            var values = [Float](repeating: 0, count: 16)
            values[8 + 5] = -.infinity
            _ = try Dataset.tensors(Tensor(values, shape: [2, 2, 2, 2]))
        }
        expectError("row 3: column 'y': inf is not finite") {
            _ = try Dataset.tensors(Tensor(repeating: 0, shape: [3, 2]), floats([0, 0, .infinity], shape: [3]))
        }
        expectError("row 1: column 'sample_weight': weight -1.0 is not 0 or more") {
            _ = try Dataset.tensors(
                Tensor(repeating: 0, shape: [1, 2]), sampleWeights: floats([-1], shape: [1]))
        }
    }
}
