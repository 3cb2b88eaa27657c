import PeriluneGraph
import Testing

@testable import PeriluneData

@Suite struct NormalizationTests {
    @Test func featuresGetMeanZeroAndDeviationOne() throws {
        let data = try Dataset.tensors(floats([1, 10, 7, 3, 20, 7], shape: [2, 3]))
        let (normalized, statistics) = try data.normalized()
        #expect(statistics.inputs[0].mean == [2, 15, 7])
        #expect(statistics.inputs[0].deviation == [1, 5, 1])
        #expect(try normalized.input().floats == [-1, -1, 0, 1, 1, 0])
        #expect(try data.input().floats == [1, 10, 7, 3, 20, 7])
    }

    @Test func statisticsComeFromTheViewAndApplyToAnother() throws {
        let (train, validation) = try Dataset.tensors(floats([0, 4, 100], shape: [3, 1])).split(0.67)
        let (normalized, statistics) = try train.normalized()
        #expect(try normalized.input().floats == [-1, 1])
        #expect(try validation.normalized(by: statistics).input().floats == [49])
    }

    @Test func channelsOfImagesAreFeatures() throws {
        let data = try Dataset.tensors(floats([1, 10, 3, 30, 5, 50, 7, 70], shape: [1, 2, 2, 2]))
        #expect(try data.normalized().statistics.inputs[0].mean == [4, 40])
    }

    @Test func largeMeansKeepTheirDeviation() throws {
        let data = try Dataset.tensors(floats([16_777_214, 16_777_216], shape: [2, 1]))
        #expect(try data.normalized().statistics.inputs[0].deviation == [1])
    }

    @Test func rescaling() throws {
        #expect(try Dataset.tensors(floats([0, 255], shape: [2])).rescaled(by: 1 / 255).input().floats == [0, 1])
        expectError("rescale: scale and offset must be finite, got inf and 0.0") {
            _ = try counted(2).rescaled(by: .infinity)
        }
        expectError("row 2: column 'x[1]': rescale gives inf, which is not finite") {
            _ = try Dataset.tensors(floats([0, 1e30], shape: [2, 1])).rescaled(by: 1e30)
        }
    }

    @Test func faults() throws {
        expectError("normalize: input 'x' is int32; only float32 is normalised") {
            _ = try Dataset.tensors(Tensor([1, 2] as [Int32], shape: [2])).normalized()
        }
        expectError("normalize: statistics of 2 features for input 'x', float32[3]") {
            let statistics = try counted(4).normalized().statistics
            _ = try Dataset.tensors(Tensor(repeating: 1, shape: [4, 3])).normalized(by: statistics)
        }
    }
}
