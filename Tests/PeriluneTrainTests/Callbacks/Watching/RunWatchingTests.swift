import PeriluneData
import PeriluneGraph
import PeriluneNN
import PeriluneTestSupport
import Testing

@testable import PeriluneTrain

/// Callbacks that watch the run itself.
@Suite struct RunWatchingTests {
    /// A clock that goes on by a fixed time whenever it is read.
    private final class Ticks {
        var now = 0.0
        var step = 1.0
        func read() -> Double {
            now += step
            return now
        }
    }

    @Test func `throughput is that of the last batches, without validations`() throws {
        let engine = try FakeEngine()
        engine.batches = 4
        let ticks = Ticks()
        ticks.step = 0
        var seen: [[Double?]] = []
        // Each batch takes a tenth of a second, the third one three.
        let clock = Recorder("clock")
        clock.action = { context in
            switch context.event {
            case .trainBatchEnd: ticks.now += context.run.batch == 3 ? 0.3 : 0.1
            case .testBatchEnd: ticks.now += 50
            default: break
            }
            return nil
        }
        let throughput = try Throughput(window: 2, clock: ticks.read)
        let reader = Recorder("reader")
        reader.events = [.trainBatchEnd]
        reader.action = { context in
            seen.append([context.logs["steps_per_second"], context.logs["samples_per_second"]])
            return nil
        }
        let history = try makeLoop(engine, [clock, throughput, reader]) { options in
            (options.epochs, options.validationEvery) = (2, .steps(2))
        }.fit()
        let expected = [10, 10, 5, 5, 10, 10, 5, 5].map { Double($0) }
        #expect(seen.count == 8)
        // The window goes on over the end of the epoch: its fifth mean is of two short batches again.
        for (pair, rate) in zip(seen, expected) {
            #expect(abs((pair[0] ?? .nan) - rate) < 1e-6, "\(seen)")
            #expect(abs((pair[1] ?? .nan) - rate * 32) < 1e-4)
        }
        for rate in history["steps_per_second"] ?? [] { #expect(abs(rate - 4 / 0.6) < 1e-6) }
        #expect(history["steps_per_second"]?.count == 2)
        #expect(throughput.report["samples"] == 256.0)
        #expect(abs((throughput.report["seconds"]?.number ?? 0) - 1.2) < 1e-6)
        #expect(throws: TrainingError.self) { try Throughput(window: 0) }
    }

    @Test func `memory is in the logs, in MiB`() throws {
        let trainer = try Trainer(
            Sequential([Dense(64), Dense(1)]), optimizer: .sgd(), loss: MeanSquaredError(), seed: 0)
        let history = try trainer.fit(
            .tensors(testTensor([32, 64]), testTensor([32, 1])), epochs: 3,
            callbacks: [try MemoryMonitor(every: .epochs(2))], verbose: .silent)
        let resident = try #require(history["memory_rss"]?.last)
        #expect(resident > 1 && resident < 1e6)
        #expect((history["memory_peak"]?.last ?? 0) >= resident / 2)
        #expect((history["memory_arena"]?.last ?? 0) > 0)
        #expect(throws: TrainingError.self) { try MemoryMonitor(every: .seconds(0)) }
    }

    @Test func `the learning rates are kept, also over a resume`() throws {
        func fit(_ monitor: LRMonitor, _ saver: CheckpointKeeper, _ checkpoint: Checkpoint? = nil) throws -> History {
            let engine = try FakeEngine(schedule: ExponentialDecay(initial: 1, decaySteps: 1, rate: 0.5))
            return try makeLoop(engine, [monitor, saver]) { $0.epochs = 3 }.fit(resuming: checkpoint)
        }
        let (monitor, saver) = (try LRMonitor(every: .steps(2)), CheckpointKeeper())
        let history = try fit(monitor, saver)
        #expect(monitor.report["steps"] == .list([2, 4, 6]))
        #expect(monitor.report["learning_rates"]?.numbers == [0.5, 0.125, 0.03125])
        #expect(history["momentum"] == [0.9, 0.9, 0.9])
        for checkpoint in saver.kept {
            let other = try LRMonitor(every: .steps(2))
            _ = try fit(other, CheckpointKeeper(), checkpoint)
            #expect(other.report == monitor.report)
        }
    }

    @Test func `the timer counts every call, and shows a table`() throws {
        let ticks = Ticks()
        let engine = try FakeEngine()
        let timer = CallbackTimer(clock: ticks.read)
        let recorder = Recorder("watched")
        recorder.action = { context in
            if context.event == .epochEnd { ticks.now += 5 }
            return nil
        }
        _ = try makeLoop(engine, [timer, recorder]) { $0.epochs = 3 }.fit()
        let rows = timer.times
        #expect(rows[0].callback == "watched" && rows[0].event == .epochEnd)
        #expect(rows[0].calls == 3 && rows[0].seconds == 18)
        let batches = rows.first { $0.callback == "watched" && $0.event == .trainBatchEnd }
        #expect(batches?.calls == 6 && batches?.seconds == 6)
        #expect(rows.contains { $0.callback == "history" && $0.event == .epochEnd })
        // A head; and the timer's own turn comes after the table.
        #expect(engine.remarks.count == 1 + rows.count - 1)
        #expect(engine.remarks[0].hasPrefix("callback_timer: callback"))
        #expect(engine.remarks[1].contains("watched"))
        #expect(timer.report["times"]?.list?.count == timer.times.count)
        // Nothing of the run before.
        _ = try makeLoop(engine, [timer, recorder]).fit()
        #expect(timer.times.first { $0.callback == "watched" && $0.event == .epochEnd }?.calls == 1)
    }

    @Test func `the timer takes the time of a callback that throws`() throws {
        let timer = CallbackTimer(verbose: false)
        let recorder = Recorder("watched")
        recorder.action = { context in
            if context.event == .trainBatchEnd { throw FakeFailure("no") }
            return nil
        }
        #expect(throws: TrainingError.self) { try makeLoop(FakeEngine(), [timer, recorder]).fit() }
        #expect(timer.times.contains { $0.callback == "watched" && $0.event == .trainBatchEnd && $0.calls == 1 })
    }

    private func losses(_ values: [Double]) throws -> FakeEngine {
        let engine = try FakeEngine()
        engine.batches = 1
        engine.trainValue = { epoch, _ in values[epoch - 1] }
        return engine
    }

    @Test func `a sparkline goes from the lowest to the highest value`() throws {
        let engine = try losses([8, 4, .nan, 2, 1])
        let line = try Sparkline(ascii: false)
        _ = try makeLoop(engine, [line]) { $0.epochs = 5 }.fit()
        #expect(line.bars == "█▄▂▁")
        #expect(engine.remarks.last == "epoch 5: loss █▄▂▁ 1.0000")
        #expect(line.report["values"]?.numbers == [8, 4, 2, 1])
        let ascii = try Sparkline(width: 2, every: .epochs(2), ascii: true)
        let other = try losses([8, 4, 3, 2, 1])
        _ = try makeLoop(other, [ascii]) { $0.epochs = 5 }.fit()
        #expect(other.remarks == ["epoch 2: loss _ 4.0000", "epoch 4: loss @_ 2.0000"])
        #expect(try Sparkline(ascii: true).bars.isEmpty)
        #expect(throws: TrainingError.self) { try Sparkline(width: 1) }
    }

    @Test func `the progress bar has the sparkline in its line`() throws {
        let engine = try losses([2, 1])
        var text = ""
        let bar = ProgressBar(.lines, clock: { 0 }, sink: { text += $0 })
        _ = try makeLoop(engine, [try Sparkline(ascii: true), bar]) { $0.epochs = 2 }.fit()
        #expect(text.split(separator: "\n").last?.hasSuffix(" - loss @_ 1.0000") == true, "\(text)")
        #expect(engine.remarks.isEmpty)
    }

    @Test func `a sparkline of nothing says so once, with the nearest name`() throws {
        let engine = try FakeEngine()
        _ = try makeLoop(engine, [try Sparkline("lss")]).fit()
        #expect(engine.remarks == ["sparkline: the logs have no 'lss'; did you mean 'loss'?"])
    }

    @Test func `a sampler runs its function every so often`() throws {
        var places: [[Int]] = []
        func fit(_ every: Frequency) throws -> History {
            places = []
            let sampler = try Sampler(every: every) { context in
                places.append([context.run.epoch, context.run.batch])
                context.logs["sampled"] = Double(places.count)
                return places.count == 3 ? .stop("enough") : nil
            }
            return try makeLoop(FakeEngine(), [sampler]) { $0.epochs = 10 }.fit()
        }
        let history = try fit(.epochs(2))
        #expect(places == [[2, 2], [4, 2], [6, 2]])
        #expect(history.stopReason == "enough")
        #expect(history["sampled"]?.last == 3)
        _ = try fit(.steps(3))
        #expect(places == [[2, 1], [3, 2], [5, 1]])
        #expect(throws: TrainingError.self) { try fit(.steps(0)) }
    }
}
