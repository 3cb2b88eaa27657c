import PeriluneGraph
import Testing

@testable import PeriluneData

/// The thread that prepares batches ends whenever the batches do: it lets go of the ring as its last act.
@Suite struct AheadFeedTests {
    private func feed() throws -> AheadFeed {
        let (store, rows, layout) = try counted(1000).inMemory("test")
        let plan = BatchPlan(count: 1000, batchSize: 10, isShuffled: true, seed: 1, stepsPerEpoch: nil)
        return try AheadFeed(gatherer: RowGatherer(plan: plan, store: store, rows: rows, layout: layout)) {
            BatchBuffer(slots: layout.slots, examples: 10)
        }
    }

    @Test func endsBeforeAnythingIsAsked() throws {
        weak var ring: PreparationRing?
        do { ring = try feed().ring }
        #expect(ring == nil)
    }

    @Test func endsInTheMiddleOfAnEpoch() throws {
        for taken in 0..<40 {
            weak var ring: PreparationRing?
            do {
                let feed = try feed()
                ring = feed.ring
                _ = feed.start(at: BatchPlan.Position(epoch: 1, batch: 1))
                for _ in 0..<taken { #expect(feed.next()?.count == 10) }
                if taken % 2 == 0 { feed.release() }
                if taken % 3 == 0 { feed.stop() }
            }
            #expect(ring == nil)
        }
    }

    @Test func aBatchOutlivesItsBatcher() throws {
        var batch: Batch?
        do {
            let batcher = try Batcher(counted(100), options: .init(batchSize: 2, preparation: .ahead))
            #expect(try batcher.startEpoch(1))
            batch = try batcher.next()
        }
        #expect(batch?.inputTensor().floats == [0, 0.5, 1, 1.5])
    }

    @Test func manyJumpsKeepTheirPlace() throws {
        let batcher = try Batcher(counted(90), options: .init(batchSize: 10, preparation: .ahead))
        for round in 0..<2000 {
            let batch = round * 7 % 9 + 1
            #expect(try batcher.startEpoch(round % 5 + 1, atBatch: batch))
            for offset in 0..<(round % 3) where batch + offset <= 9 {
                let first = try batcher.next()?.inputTensor().floats[0]
                #expect(first == Float((batch - 1 + offset) * 10))
            }
        }
    }
}
