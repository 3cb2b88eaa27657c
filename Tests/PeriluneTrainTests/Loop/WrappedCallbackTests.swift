import Foundation
import PeriluneData
import PeriluneLoggers
import PeriluneTestSupport
import Testing

@testable import PeriluneTrain

/// What a callback can do for a run it can do under a name, behind a filter and among others, too.
@Suite("Abilities of wrapped callbacks")
struct WrappedCallbackTests {
    enum Wrapper: CaseIterable {
        case bare, named, filtered, any, all, namedAny, filteredNamed

        func wrap(_ callback: any Callback) throws -> any Callback {
            let never = try EarlyStopping(monitor: "loss", patience: 1000)
            return switch self {
            case .bare: callback
            case .named: try callback.named("mine")
            case .filtered: FilteredCallback(callback, on: .epochEnd, try EventFilter(every: 1))
            case .any: try CombinedStopping(.any, [never, callback])
            case .all: try CombinedStopping(.all, [callback, never])
            case .namedAny: try CombinedStopping(.any, [callback.named("inner"), never]).named("outer")
            case .filteredNamed: FilteredCallback(try callback.named("x"), on: .testEnd, try EventFilter(after: 0))
            }
        }
    }

    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func run(
        _ callbacks: [any Callback], epochs: Int = 2, _ change: (FakeEngine) -> Void = { _ in }
    ) throws -> FakeEngine {
        let engine = try FakeEngine()
        engine.weightsAfter = { Float($0) }
        change(engine)
        _ = try makeLoop(engine, callbacks) { $0.epochs = epochs }.fit()
        return engine
    }

    @Test("Checkpoints are written, rotated and gone back to", arguments: Wrapper.allCases)
    func saver(wrapper: Wrapper) throws {
        let saver = try ModelCheckpoint(.folder(folder.path("a"), keepLast: 1, keepBest: 1))
        let restorer = LambdaCallback(on: .checkpoint) { context in
            context.run.epoch == 4 ? .restore(.best) : nil
        }
        let engine = try run([restorer, wrapper.wrap(saver)], epochs: 4) {
            $0.validationValue = { [3, 1, 2, 4][$0 - 1] }
        }
        #expect(CheckpointFolder(folder.path("a")).steps == [4, 8])
        #expect(engine.weights == 4)
    }

    @Test("A backup is written, found, and goes when the run has finished", arguments: Wrapper.allCases)
    func backup(wrapper: Wrapper) throws {
        let backup = try wrapper.wrap(BackupAndRestore(folder.path("b")))
        #expect(backup.roles.compactMap(\.backupFolder) == [folder.path("b")])
        let stopper = LambdaCallback(on: .epochEnd) { $0.run.epoch == 2 ? .stop("enough") : nil }
        _ = try run([stopper, backup], epochs: 3)
        #expect(CheckpointFolder(folder.path("b")).steps == [2, 4])
        try FileManager.default.removeItem(atPath: folder.path("b"))
        _ = try run([wrapper.wrap(BackupAndRestore(folder.path("b")))], epochs: 3)
        #expect(!FileManager.default.fileExists(atPath: folder.path("b")))
    }

    @Test("An average is validated, ends the run, and goes back with the weights", arguments: Wrapper.allCases)
    func average(wrapper: Wrapper) throws {
        var seen: [Float] = []
        var engine: FakeEngine?
        let ema = try SwapEMAWeights(momentum: 0.5)
        let watch = LambdaCallback(on: .testBatchEnd) { _ in
            if let engine { seen.append(engine.weights) }
            return nil
        }
        // Updates 1 to 4: 1; 1.5; 2.25; 3.125.
        let end = try run([wrapper.wrap(ema), watch]) { engine = $0 }
        #expect(seen == [1.5, 3.125])
        #expect(end.weights == 3.125)
        // Two average the weights: refused.
        #expect(
            failure { _ = try run([wrapper.wrap(SwapEMAWeights()), StochasticWeightAveraging()]) }
                .contains("averages the weights of this run already"))
        // Going back takes the average back.
        let saver = try ModelCheckpoint(.folder(folder.path("c"), keepLast: nil, keepBest: 0))
        let restorer = LambdaCallback(on: .checkpoint) { context in
            context.run.epoch == 2 ? .restore(.epoch(1)) : nil
        }
        _ = try run([restorer, wrapper.wrap(ema), saver])
        #expect(ema.updates == 2)
    }

    @Test("Only one sets the rate of each step", arguments: Wrapper.allCases)
    func rate(wrapper: Wrapper) throws {
        let text = failure {
            _ = try run([OneCycle(maxLR: 1), wrapper.wrap(CosineRestarts(first: .steps(3)))])
        }
        #expect(text.contains("sets the rate of each step already; only one can"), "\(text)")
        #expect(try run([wrapper.wrap(OneCycle(maxLR: 1, .steps(100)))]).optimizer.learningRate < 0.1)
    }

    @Test("Steps are taken apart only in the epochs whose gradients are looked at", arguments: Wrapper.allCases)
    func gradients(wrapper: Wrapper) throws {
        let engine = try run([wrapper.wrap(GradientMonitor(every: .epochs(2)))], epochs: 3) { $0.batches = 1 }
        #expect(engine.calls == ["step", "backward", "update", "step"])
    }

    @Test("Logs have columns for what monitors announce, and notes reach the bar", arguments: Wrapper.allCases)
    func announcements(wrapper: Wrapper) throws {
        let path = folder.path("log.csv")
        let monitor = try wrapper.wrap(MemoryMonitor(every: .epochs(2)))
        _ = try run([monitor, wrapper.wrap(CSVLogger(path))])
        let header = SmallCallbackTests.contents(path).split(separator: "\n")[0]
        #expect(header.contains("memory_rss"))
        var printed = ""
        let bar = ProgressBar(.lines, sink: { printed += $0 })
        let line = try Sparkline("loss", ascii: true)
        let engine = try run([wrapper.wrap(line), wrapper.wrap(bar)])
        #expect(printed.contains(" - loss "), "\(printed)")
        // With a bar there, the line is not said besides.
        #expect(engine.remarks.isEmpty)
    }

    @Test("A timer takes the time of the others", arguments: Wrapper.allCases)
    func timer(wrapper: Wrapper) throws {
        let timer = CallbackTimer(verbose: false)
        _ = try run([Recorder("other"), wrapper.wrap(timer)])
        #expect(timer.times.contains { $0.callback == "other" && $0.event == .epochEnd && $0.calls == 2 })
    }

    @Test("A range test refuses savers, and an object is in the list once", arguments: Wrapper.allCases)
    func refusals(wrapper: Wrapper) throws {
        let saver = try wrapper.wrap(ModelCheckpoint(.folder(folder.path("d"), keepLast: nil, keepBest: 0)))
        #expect(
            failure { _ = try run([saver, LearningRateFinder()]) }.contains("leave out 'model_checkpoint'"))
        let twice = Recorder("twice")
        #expect(
            failure { _ = try run([twice, wrapper.wrap(twice)]) }.contains("the callback 'twice' is in the list twice"))
    }

    @Test("A stop, a log and a resumption come through", arguments: Wrapper.allCases)
    func everythingElse(wrapper: Wrapper) throws {
        let path = folder.path("log.jsonl")
        let keeper = CheckpointKeeper()
        _ = try run([wrapper.wrap(JSONLogger(path)), keeper], epochs: 3)
        let engine = try FakeEngine()
        // Two batches and an epoch's end make three boundaries an epoch: the sixth is the end of the second.
        _ = try makeLoop(engine, [wrapper.wrap(JSONLogger(path))]) { $0.epochs = 4 }.fit(resuming: keeper.kept[5])
        let lines = SmallCallbackTests.contents(path).split(separator: "\n")
        #expect(lines.map { line in (1...9).first { line.contains("\"epoch\":\($0),") } } == [1, 2, 3, 4])
        #expect(engine.remarks.filter { !$0.hasPrefix("going on") } == [])
    }
}
