import PeriluneGraph
import Testing

@testable import PeriluneData

@Suite struct DatasetViewTests {
    @Test func splitCutsInOrder() throws {
        let (first, rest) = try counted(10).split(0.8)
        #expect(try first.numbers == Array(0..<8))
        #expect(try rest.numbers == [8, 9])
        #expect(try rest.target().integers == [2, 0])
    }

    /// Keras 3 loses an example to floating point at 0.9 of 10, and then refuses the split.
    @Test(arguments: [(10, 0.9, 9), (10, 0.1, 1), (10, 0.3, 3), (100, 0.29, 29), (1797, 0.8, 1437), (3, 0.5, 1)])
    func splitRoundsDownButNotThroughNoise(count: Int, fraction: Double, first: Int) throws {
        let parts = try counted(count).split(fraction)
        #expect(parts.first.count == first)
        #expect(parts.rest.count == count - first)
    }

    @Test(arguments: [(10, 0.05, 9), (10, 0.15, 8), (10, 0.9, 1), (10, 0.2, 8)])
    func validationSplitTakesTheLastPart(count: Int, fraction: Double, train: Int) throws {
        let parts = try counted(count).validationSplit(fraction)
        #expect(try parts.train.numbers == Array(0..<train))
        #expect(try parts.validation.numbers == Array(train..<count))
    }

    @Test func impossibleSplits() throws {
        let data = try counted(10)
        expectError("split: 0.05 of 10 examples leaves 0 and 10; neither part may be empty") {
            _ = try data.split(0.05)
        }
        expectError("split: the fraction must be between 0 and 1, got 1.0") { _ = try data.split(1) }
        expectError("split: the fraction must be between 0 and 1, got nan") { _ = try data.split(.nan) }
        expectError(
            "validation_split: 0.95 of 10 examples leaves 0 to train on and 10 to validate with; neither may be empty"
        ) { _ = try data.validationSplit(0.95) }
        expectError("take: at least 1 example, got 0") { _ = try data.take(0) }
        expectError("subset: there is no example 11; there are 10") { _ = try data.subset([3, 10]) }
        expectError("batch size must be at least 1, got 0") { _ = try data.batched(0) }
    }

    @Test func shuffleIsAFixedPermutation() throws {
        let data = try counted(100)
        let shuffled = try data.shuffled(seed: 7)
        #expect(try shuffled.numbers == data.shuffled(seed: 7).numbers)
        #expect(try shuffled.numbers != data.shuffled(seed: 8).numbers)
        #expect(try shuffled.numbers.sorted() == Array(0..<100))
        #expect(try shuffled.numbers != Array(0..<100))
        #expect(try shuffled.target().integers == shuffled.numbers.map { Int32($0 % 3) })
    }

    @Test func viewsOfViews() throws {
        let shuffled = try counted(50, weighted: true).shuffled(seed: 3)
        let order = try shuffled.numbers
        let view = try shuffled.split(0.5).rest.take(10)
        #expect(try view.numbers == Array(order[25..<35]))
        #expect(try view.sampleWeights()?.floats == order[25..<35].map { Float($0) })
        #expect(try view.subset([9, 0, 0]).numbers == [order[34], order[25], order[25]])
        #expect(try counted(10).take(99).count == 10)
    }

    @Test func viewsShareTheStore() throws {
        let data = try counted(20)
        let views = [
            try data.split(0.5).rest, try data.shuffled(seed: 1), try data.take(3), try data.subset([1]),
            try data.shuffled(seed: 1).validationSplit(0.5).validation,
        ]
        let store = try data.inMemory("test").store
        for view in views { #expect(try view.inMemory("test").store === store) }
    }

    @Test func batchSizeIsKeptByViews() throws {
        #expect(try counted(20).batched(4).split(0.5).first.preferredBatchSize == 4)
    }
}
