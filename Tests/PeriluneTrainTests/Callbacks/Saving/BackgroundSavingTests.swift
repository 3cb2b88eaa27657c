import Foundation
import PeriluneData
import PeriluneGraph
import PeriluneNN
import PeriluneRuntime
import PeriluneTestSupport
import Synchronization
import Testing

@testable import PeriluneTrain

/// Saving on a thread of its own: what is left out where the disk cannot keep up, and where copies are made.
@Suite("Saving in the background")
struct BackgroundSavingTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func saver(keepLast: Int?, keepBest: Int = 0, critical: Bool = true) throws -> ModelCheckpoint {
        var options = ModelCheckpoint.Options()
        (options.inBackground, options.isCritical) = (true, critical)
        return try ModelCheckpoint(
            .folder(folder.path("a"), keepLast: keepLast, keepBest: keepBest), options: options)
    }

    private func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path("a")).sorted()
    }

    @Test("A save that waits gives way to a newer one, and what it was to remove goes all the same")
    func givingWay() throws {
        let saver = try saver(keepLast: 1)
        let (disk, begun) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let slow = Recorder()
        slow.action = { context in
            if context.event == .epochBegin, context.run.epoch == 2 {
                saver.writer.finish()
                saver.writer.start {
                    begun.signal()
                    disk.wait()
                }
                begun.wait()
            }
            if context.event == .trainEnd { disk.signal() }
            return nil
        }
        _ = try makeLoop(FakeEngine(), [slow, saver]) { $0.epochs = 4 }.fit()
        #expect(try names() == ["step-00000008.safetensors"])
        #expect(saver.files.map(\.step) == [8])
    }

    @Test("A save that somebody would miss does not give way")
    func missed() throws {
        func file(_ step: Int, _ value: Double? = nil) -> ModelCheckpoint.File {
            .init(path: CheckpointFolder(folder.path("a")).file(step: step), step: step, epoch: step, value: value)
        }
        let best = try saver(keepLast: 1, keepBest: 1)
        best.files = [file(1, 0.5), file(2, 0.1)]
        #expect(best.isMissed(file(2, 0.1), beside: file(3, 0.2)))
        #expect(!best.isMissed(file(2, 0.1), beside: file(3, 0.05)))
        #expect(!best.isMissed(file(1, 0.5), beside: file(3, 0.2)))
        #expect(try saver(keepLast: nil).isMissed(file(1), beside: file(2)))
        let named = try ModelCheckpoint(.files("last.safetensors"))
        #expect(!named.isMissed(file(1), beside: file(1)))
        #expect(named.isMissed(file(1), beside: file(2)))
    }

    @Test("The writer does one job after the other, and each, unless it is taken back")
    func writer() throws {
        let writer = BackgroundWriter()
        let disk = DispatchSemaphore(value: 0)
        let done = Mutex<[Int]>([])
        writer.start {
            disk.wait()
            done.withLock { $0.append(1) }
        }
        writer.start { done.withLock { $0.append(2) } }
        // One is in progress, one waits: a third stands still until the second begins.
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(20)) { disk.signal() }
        writer.start { done.withLock { $0.append(3) } }
        #expect(done.withLock { $0.first } == 1)
        writer.finish()
        #expect(done.withLock { $0 } == [1, 2, 3])
        let begun = DispatchSemaphore(value: 0)
        writer.start {
            begun.signal()
            disk.wait()
        }
        begun.wait()
        writer.start { done.withLock { $0.append(4) } }
        #expect(writer.withdraw())
        #expect(!writer.withdraw())
        disk.signal()
        writer.finish()
        #expect(done.withLock { $0 } == [1, 2, 3])
    }

    @Test("What a save that failed was to remove stays, and is removed by the next one")
    func failedSave() throws {
        let saver = try saver(keepLast: 1, critical: false)
        let engine = try FakeEngine()
        let breaker = Recorder()
        breaker.action = { [folder] context in
            if context.event == .epochBegin {
                saver.writer.finish()
                if context.run.epoch == 2 {
                    try FileManager.default.createDirectory(
                        atPath: folder.path("a/step-00000004.safetensors/x"), withIntermediateDirectories: true)
                }
                if context.run.epoch == 3 {
                    #expect(saver.path(of: .epoch(1)) == folder.path("a/step-00000002.safetensors"))
                }
            }
            return nil
        }
        _ = try makeLoop(engine, [breaker, saver]) { $0.epochs = 3 }.fit()
        #expect(engine.remarks.contains { $0.hasSuffix("cannot be written: Is a directory; the run goes on") })
        #expect(try names() == ["step-00000004.safetensors", "step-00000006.safetensors"])
        #expect(saver.files.map(\.step) == [6])
    }

    @Test("Copies are made in the memory of earlier ones, once nothing uses these")
    func copies() throws {
        let store = VariableStore()
        let id = try store.add(TensorSpec(Shape([1000]), .float32))
        let memory = CopyMemory()
        func address(_ tensor: Tensor) -> UnsafeRawPointer? { tensor.withUnsafeElementBytes { $0.baseAddress } }
        func copy(_ value: Float) -> (checkpoint: Checkpoint, address: UnsafeRawPointer?) {
            store.fill(id, value)
            let lease = memory.begin()
            let tensor = memory.read(id, of: store)
            return (Checkpoint(.tensor(tensor), lease: lease), address(tensor))
        }
        var (first, firstAddress) = copy(1)
        var (second, secondAddress) = copy(2)
        let (third, thirdAddress) = copy(3)
        #expect(Set([firstAddress, secondAddress, thirdAddress]).count == 3)
        (first, firstAddress) = (third, firstAddress)
        let (fourth, fourthAddress) = copy(4)
        #expect(fourthAddress == firstAddress)
        (second, secondAddress) = (fourth, secondAddress)
        let (fifth, fifthAddress) = copy(5)
        #expect(fifthAddress == secondAddress)
        for (checkpoint, value) in [(first, 3), (second, 4), (fifth, 5)] as [(Checkpoint, Float)] {
            #expect(checkpoint.state.tensor?.floats.allSatisfy { $0 == value } == true)
        }
        // A tensor taken out of a copy stays what it is.
        let kept = fifth.state.tensor
        withExtendedLifetime(fifth) {}
        _ = copy(6)
        _ = copy(7)
        #expect(kept?.floats.allSatisfy { $0 == 5 } == true)
    }

    @Test("What is written in the background is what is written in the foreground")
    func same() throws {
        func train(background: Bool, to path: String) throws -> [Int] {
            let trainer = try Trainer(
                Sequential([Dense(16, activation: .tanh), Dropout(0.2), Dense(10)]), optimizer: .adam(),
                loss: SparseCategoricalCrossentropy(), seed: 3)
            var options = ModelCheckpoint.Options()
            (options.every, options.inBackground) = (.steps(1), background)
            let saver = try ModelCheckpoint(.folder(path, keepLast: nil, keepBest: 0), options: options)
            try trainer.fit(Dataset.digits().take(160), epochs: 2, batchSize: 16, callbacks: [saver], verbose: .silent)
            return CheckpointFolder(path).steps
        }
        let paths = [folder.path("front"), folder.path("back")]
        let steps = try zip(paths, [false, true]).map { try train(background: $1, to: $0) }
        #expect(steps == [Array(1...20), Array(1...20)])
        for step in 1...20 {
            let engines = try paths.map {
                try Checkpoint(contentsOf: CheckpointFolder($0).file(step: step)).state["engine"]
            }
            let isSame = engines[0] == engines[1]
            #expect(isSame, "\(step)")
        }
    }
}
