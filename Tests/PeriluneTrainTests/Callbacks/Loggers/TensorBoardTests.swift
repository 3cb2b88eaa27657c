import Foundation
import PeriluneData
import PeriluneGraph
import PeriluneNN
import PeriluneTestSupport
import Testing

@testable import PeriluneLoggers
@testable import PeriluneTrain

@Suite struct TensorBoardTests {
    private func files(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map { folder + "/" + $0 }
    }

    private func fit(
        _ board: TensorBoard, resuming checkpoint: Checkpoint? = nil, saver: CheckpointKeeper = CheckpointKeeper()
    ) throws {
        let engine = try FakeEngine()
        engine.trainValue = { Double($0) + Double($1) / 8 }
        _ = try makeLoop(engine, [board, saver]) { $0.epochs = 3 }.fit(resuming: checkpoint)
    }

    @Test func `the checksum is CRC-32C`() {
        #expect(TFRecord.checksum(Array("123456789".utf8)) == 0xe306_9283)
        #expect(TFRecord.checksum([UInt8](repeating: 0, count: 32)) == 0x8a91_36aa)
        #expect(EventFileReader.checksum(Array("123456789".utf8)) == 0xe306_9283)
    }

    @Test func `scalars have Keras's folders, tags and steps`() throws {
        let folder = try TemporaryFolder()
        let logs = folder.path("logs")
        let board = try TensorBoard(logs, updateFrequency: .steps(2))
        try fit(board)
        let train = try files(logs + "/train")
        #expect(train.count == 1)
        #expect(train[0].contains("/events.out.tfevents."))
        var events = try EventFileReader.events(train[0])
        #expect(events[0].version == "brain.Event:2")
        #expect(events.dropFirst().map(\.step) == [2, 1, 4, 2, 6, 3])
        #expect(
            events[1].scalars == [
                .init(tag: "batch_loss", value: 1.25), .init(tag: "batch_accuracy", value: 1.25),
            ])
        #expect(
            events[2].scalars == [
                .init(tag: "epoch_loss", value: 1.1875), .init(tag: "epoch_accuracy", value: 1.1875),
                .init(tag: "epoch_learning_rate", value: 0.1),
            ])
        events = try EventFileReader.events(try files(logs + "/validation")[0])
        #expect(
            events[1].scalars == [
                .init(tag: "evaluation_loss_vs_iterations", value: 0.25),
                .init(tag: "evaluation_accuracy_vs_iterations", value: 0.25),
            ])
        #expect(events[1].step == 2)
        #expect(
            events[2].scalars == [
                .init(tag: "epoch_loss", value: 0.25), .init(tag: "epoch_accuracy", value: 0.25),
            ])
        #expect(board.report["files"]?.texts?.count == 2)
        // Another run has files of its own.
        try fit(board)
        #expect(try files(logs + "/train").count == 2)
    }

    @Test func `batches are not listened to where only epochs count`() throws {
        #expect(!(try TensorBoard("x").events.contains(.trainBatchEnd)))
    }

    @Test func `steps per second are there where asked for`() throws {
        let folder = try TemporaryFolder()
        try fit(try TensorBoard(folder.path("logs"), updateFrequency: .steps(1), writeStepsPerSecond: true))
        let tags = try EventFileReader.events(try files(folder.path("logs/train"))[0]).flatMap(\.scalars).map(\.tag)
        #expect(tags.filter { $0 == "batch_steps_per_second" }.count == 6)
        #expect(tags.filter { $0 == "epoch_steps_per_second" }.count == 3)
    }

    @Test func `a resumed run goes on in its files, without any event twice`() throws {
        let folder = try TemporaryFolder()
        let logs = folder.path("logs")
        let saver = CheckpointKeeper()
        func content() throws -> [[EventFileReader.Event]] {
            try ["/train", "/validation"].map { side in
                let paths = try files(logs + side)
                #expect(paths.count == 1)
                return try EventFileReader.events(paths[0])
            }
        }
        try fit(try TensorBoard(logs, updateFrequency: .steps(1)), saver: saver)
        let whole = try content()
        for checkpoint in saver.kept {
            try fit(try TensorBoard(logs, updateFrequency: .steps(1)), resuming: checkpoint)
            #expect(try content() == whole)
        }
    }

    @Test func `histograms count the finite weights in 30 buckets`() throws {
        let histogram = try #require(Histogram((0..<60).map { Float($0) } + [.nan, .infinity]))
        #expect(histogram.counts.count == 30)
        #expect(histogram.counts.allSatisfy { $0 == 2 })
        #expect(histogram.limits.last == 59)
        #expect(histogram.sum == 1770)
        let single = try #require(Histogram([2, 2]))
        #expect(single.limits == [2] && single.counts == [2])
        #expect(Histogram([.nan]) == nil)
    }

    @Test func `histograms come every k epochs, by the paths of weights`() throws {
        let folder = try TemporaryFolder()
        let trainer = try Trainer(
            Sequential([Dense(4, name: "first"), Dense(1, name: "last")]), optimizer: .sgd(), loss: MeanSquaredError(),
            seed: 0)
        try trainer.fit(
            .tensors(testTensor([12, 3]), testTensor([12, 1])), epochs: 4,
            callbacks: [try TensorBoard(folder.path("logs"), histogramFrequency: 2)], verbose: .silent)
        let events = try EventFileReader.events(try files(folder.path("logs/train"))[0])
        let with = events.filter { !$0.histograms.isEmpty }
        #expect(with.map(\.step) == [2, 4])
        #expect(
            with[1].histograms.keys.sorted() == [
                "first/bias/histogram", "first/kernel/histogram", "last/bias/histogram", "last/kernel/histogram",
            ])
        let kernel = try trainer.getWeights()[0].floats.map(Double.init)
        let histogram = try #require(with[1].histograms["first/kernel/histogram"])
        #expect(histogram.numbers[1] == kernel.min())
        #expect(histogram.numbers[2] == kernel.max())
        #expect(histogram.numbers[3] == 12)
        #expect(histogram.counts.reduce(0, +) == 12)
        #expect(histogram.limits.count == 30)
    }
}
