import PeriluneGraph
import Testing

@testable import PeriluneData

@Suite struct BatcherTests {
    /// The examples of `counted` in each batch of an epoch.
    private func numbers(_ batcher: Batcher, epoch: Int, from batch: Int = 1) throws -> [[Int]] {
        var result: [[Int]] = []
        #expect(try batcher.startEpoch(epoch, atBatch: batch))
        while let taken = try batcher.next() {
            #expect(taken.epoch == epoch && taken.index == result.count + batch)
            let x = taken.inputTensor()
            #expect(x.shape == [taken.count, 2])
            let rows = (0..<taken.count).map { Int(x.floats[$0 * 2]) }
            #expect(x.floats == rows.flatMap { [Float($0), Float($0) + 0.5] })
            #expect(taken.targetTensor().integers == rows.map { Int32($0 % 3) })
            if let weights = taken.sampleWeightTensor { #expect(weights.floats == rows.map { Float($0) }) }
            #expect(batcher.exampleCount(epoch: epoch, batch: taken.index) == taken.count)
            result.append(rows)
        }
        return result
    }

    @Test(arguments: [Batcher.Preparation.inline, .ahead])
    func unshuffledBatchesAreInOrder(preparation: Batcher.Preparation) throws {
        let batcher = try Batcher(counted(10, weighted: true), options: .init(batchSize: 4, preparation: preparation))
        #expect(batcher.batchesPerEpoch == 3)
        #expect(batcher.possibleBatchSizes == [4, 2])
        for epoch in 1...3 {
            #expect(try numbers(batcher, epoch: epoch) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]])
        }
    }

    @Test(arguments: [nil, 7] as [Int?])
    func aheadEqualsInline(stepsPerEpoch: Int?) throws {
        let data = try counted(101, weighted: true).shuffled(seed: 5).take(77)
        func batcher(_ preparation: Batcher.Preparation) throws -> Batcher {
            try Batcher(
                data,
                options: .init(
                    batchSize: 8, shuffle: true, seed: 42, stepsPerEpoch: stepsPerEpoch, preparation: preparation))
        }
        let (inline, ahead) = (try batcher(.inline), try batcher(.ahead))
        #expect(!inline.preparesAhead && ahead.preparesAhead)
        // Jumps forward, back and into the middle, as an evaluation or a resumed run makes them.
        for (epoch, batch) in [(1, 1), (2, 1), (3, 5), (2, 2), (9, 1), (10, 7), (10, 8)] {
            guard batch - 1 <= inline.batchesPerEpoch! else { continue }
            let expected = try numbers(inline, epoch: epoch, from: batch)
            #expect(try numbers(ahead, epoch: epoch, from: batch) == expected)
        }
    }

    @Test func everyEpochHasEveryExampleInAnotherOrder() throws {
        let options = Batcher.Options(batchSize: 7, shuffle: true, seed: 1)
        let batcher = try Batcher(counted(50), options: options)
        let first = try numbers(batcher, epoch: 1).flatMap { $0 }
        let second = try numbers(batcher, epoch: 2).flatMap { $0 }
        #expect(first.sorted() == Array(0..<50) && second.sorted() == Array(0..<50))
        #expect(first != second && first != Array(0..<50))
        #expect(try numbers(batcher, epoch: 1).flatMap { $0 } == first)
        var other = options
        other.seed = 2
        #expect(try numbers(Batcher(counted(50), options: other), epoch: 1).flatMap { $0 } != first)
    }

    @Test func aResumedRunSeesTheSameBatches() throws {
        let options = Batcher.Options(batchSize: 6, shuffle: true, seed: 3, stepsPerEpoch: 4)
        let whole = try Batcher(counted(40), options: options)
        let epochs = try (1...4).map { try numbers(whole, epoch: $0) }
        let resumed = try Batcher(counted(40), options: options)
        #expect(try numbers(resumed, epoch: 3, from: 3) == Array(epochs[2][2...]))
        #expect(try numbers(resumed, epoch: 4) == epochs[3])
    }

    @Test func fixedStepsRunOnAcrossEpochs() throws {
        let batcher = try Batcher(counted(10), options: .init(batchSize: 4, stepsPerEpoch: 2))
        #expect(try numbers(batcher, epoch: 1) == [[0, 1, 2, 3], [4, 5, 6, 7]])
        #expect(try numbers(batcher, epoch: 2) == [[8, 9], [0, 1, 2, 3]])
        let long = try Batcher(counted(5), options: .init(batchSize: 4, stepsPerEpoch: 5))
        #expect(try numbers(long, epoch: 1).map(\.count) == [4, 1, 4, 1, 4])
    }

    @Test func sizeDecidesWhereBatchesArePrepared() throws {
        let small = try Batcher(.digits(), options: .init(batchSize: 256))
        #expect(!small.preparesAhead)
        #expect(
            try Batcher(.tensors(Tensor(repeating: 0, shape: [900, 784])), options: .init(batchSize: 400)).preparesAhead
        )
        #expect(try !Batcher(.digits(), options: .init(batchSize: 4000)).preparesAhead)
        #expect(small.batchSize == 256)
        #expect(try Batcher(.digits().batched(100)).batchSize == 100)
    }

    @Test func pointersAreAlignedAndStable() throws {
        let batcher = try Batcher(counted(64), options: .init(batchSize: 8, preparation: .ahead))
        #expect(try batcher.startEpoch(1))
        var addresses: Set<UInt> = []
        while let batch = try batcher.next() {
            addresses.insert(UInt(bitPattern: batch.input()))
            #expect(UInt(bitPattern: batch.input()) % 64 == 0 && UInt(bitPattern: batch.target()) % 64 == 0)
            #expect(batch.sampleWeights == nil)
        }
        #expect(addresses.count == 3)
    }

    @Test func labelsAreCheckedAndConverted() throws {
        let x = Tensor(repeating: 0, shape: [3, 2])
        let data = try Dataset.tensors(x, floats([0, 1, 2], shape: [3]))
        let batcher = try Batcher(data, rules: { _ in FieldRules(targets: [.classes(3)]) })
        #expect(try batcher.startEpoch(1))
        #expect(try batcher.next()?.targetTensor().elements == .int32([0, 1, 2]))
        expectError("row 3: column 'y': label 2 is out of range; there are 2 classes, 0...1") {
            _ = try Batcher(data, rules: { _ in FieldRules(targets: [.classes(2)]) })
        }
    }

    @Test func faults() throws {
        expectError("batch_size must be at least 1, got 0") {
            _ = try Batcher(counted(3), options: .init(batchSize: 0))
        }
        expectError("steps_per_epoch must be 1 to 1000000000, got -1") {
            _ = try Batcher(counted(3), options: .init(stepsPerEpoch: -1))
        }
        let batcher = try Batcher(counted(3), options: .init(batchSize: 2))
        expectError("there is no epoch 0; epochs are numbered from 1") { _ = try batcher.startEpoch(0) }
        expectError("there is no batch 4; an epoch has 2") { _ = try batcher.startEpoch(1, atBatch: 4) }
        #expect(try batcher.next() == nil)
        #expect(try batcher.startEpoch(1, atBatch: 3))
        #expect(try batcher.next() == nil)
        batcher.stop()
        batcher.stop()
        expectError("the batcher is stopped") { _ = try batcher.startEpoch(1) }
    }
}

extension Batch? {
    fileprivate static func == (batch: Batch?, none: _OptionalNilComparisonType) -> Bool {
        if case .none = batch { true } else { false }
    }
}
