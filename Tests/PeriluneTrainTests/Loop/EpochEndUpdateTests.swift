import Foundation
import PeriluneData
import PeriluneGraph
import PeriluneLoggers
import PeriluneNN
import PeriluneTestSupport
import Testing

@testable import PeriluneTrain

/// With accumulation the last update of an epoch may come from fewer batches. It belongs to the last of them, so that
/// what acts at every n-th update sees it as any other.
@Suite("The last update of an epoch")
struct EpochEndUpdateTests {
    /// Ten rows in five batches, of which two make an update: three updates an epoch, the last from one batch.
    private func fit(
        _ callbacks: [any Callback], data: Dataset? = nil, validation: Dataset? = nil, steps: Int? = nil,
        validationEvery: Int = 3
    ) throws -> (trainer: Trainer, history: History) {
        let trainer = try lineTrainer(.sgd(learningRate: 0.01))
        var options = FitOptions()
        (options.epochs, options.batchSize, options.accumulate, options.verbose) = (4, 2, 2, .silent)
        (options.validationEvery, options.stepsPerEpoch) = (.steps(validationEvery), steps)
        let history = try trainer.fit(
            data ?? line(), options, validation: validation, callbacks: callbacks)
        return (trainer, history)
    }

    private struct Broken: Error {}

    /// A generator of so many examples.
    private func generated(_ count: Int, thenFails: Bool = false) -> Dataset {
        .generator(yields: .examples) {
            var row = 0
            return {
                guard row < count else { if thenFails { throw Broken() } else { return nil } }
                row += 1
                return GeneratedExamples(
                    inputs: [Tensor([Float(row % 3), 1], shape: [2])], targets: [Tensor([1 as Float], shape: [1])])
            }
        }
    }

    @Test func `Everything that acts every third step acts four times in twelve steps`() throws {
        let folder = try TemporaryFolder()
        var options = ModelCheckpoint.Options()
        options.every = .steps(3)
        let rates = try LRMonitor(every: .steps(3))
        let weights = try WeightMonitor(every: .steps(3))
        var (samples, measured) = ([Int](), [Int]())
        let callbacks: [any Callback] = [
            try ModelCheckpoint(.folder(folder.path("steps"), keepLast: nil, keepBest: 0), options: options),
            try BackupAndRestore(folder.path("backup"), every: .steps(3), deletesCheckpoints: false),
            try JSONLogger(folder.path("log.jsonl"), every: .steps(3)),
            try TensorBoard(folder.path("board"), updateFrequency: .steps(3)), rates, weights,
            try Sampler(every: .steps(3)) { context in
                samples.append(context.run.step)
                return nil
            },
            LambdaCallback(on: .trainBatchEnd) { context in
                if context.logs["weight_norm"] != nil { measured.append(context.run.step) }
                return nil
            },
        ]
        let (trainer, history) = try fit(callbacks, validation: line())
        #expect(trainer.step == 12)
        #expect(history.validations.map(\.step) == [3, 6, 9, 12])
        #expect(samples == [3, 6, 9, 12])
        #expect(measured == [3, 6, 9, 12])
        #expect(CheckpointFolder(folder.path("steps")).steps.sorted() == [3, 6, 9, 12])
        #expect(CheckpointFolder(folder.path("backup")).steps.sorted() == [9, 12])
        #expect(rates.report["steps"] == .list([3, 6, 9, 12].map { .integer($0) }))
        let lines = try String(contentsOfFile: folder.path("log.jsonl"), encoding: .utf8).split(separator: "\n")
        #expect(lines.count { $0.contains(#""event":"step""#) } == 4)
    }

    @Test(arguments: [1, 2, 3, 4, 5])
    func `Validations miss no step`(every: Int) throws {
        let history = try fit([], validation: line(), validationEvery: every).history
        #expect(history.validations.map(\.step) == Array(stride(from: every, through: 12, by: every)))
    }

    @Test("Whether the data, a number of steps or a generator ends the epoch", arguments: [0, 1, 2, 3])
    func everySource(kind: Int) throws {
        var seen: [Int] = []
        var within: [Event?] = []
        let watch = LambdaCallback(on: .trainBatchEnd) { context in
            if context.run.isStepComplete { seen.append(context.run.step) }
            return nil
        }
        let backward = LambdaCallback(on: .backwardEnd) { context in
            within.append(context.run.event)
            return nil
        }
        let trainer = try fit(
            [watch, backward], data: kind < 2 ? line() : generated(kind == 3 ? 1000 : 10),
            steps: kind % 2 == 1 ? 5 : nil
        ).trainer
        #expect(trainer.step == 12)
        #expect(seen == Array(1...12))
        #expect(within.count == 12)
    }

    @Test func `A last batch that is left out still makes the update of those before it`() throws {
        let engine = try FakeEngine()
        engine.batches = 4
        var seen: [Int] = []
        let watch = LambdaCallback([
            .trainBatchBegin: { $0.run.batch == 4 ? .skip : nil },
            .trainBatchEnd: { context in
                if context.run.isStepComplete { seen.append(context.run.step) }
                return nil
            },
        ])
        _ = try makeLoop(engine, [watch], validates: false) { $0.accumulate = 2 }.fit()
        #expect(engine.calls == ["backward", "backward", "update", "backward", "update"])
        #expect(seen == [1, 2])
    }

    @Test func `A stop before a batch makes its update, one after a batch leaves what waits`() throws {
        for (event, calls) in [
            (Event.trainBatchBegin, ["backward", "update"]), (.trainBatchEnd, ["backward", "discard"]),
        ] {
            for directive in [Directive.stop(), .endEpoch] {
                let engine = try FakeEngine()
                let callback = LambdaCallback(on: event) { _ in directive }
                _ = try makeLoop(engine, [callback], validates: false) { $0.accumulate = 2 }.fit()
                #expect(engine.calls == calls)
            }
        }
    }

    @Test func `What a generator throws when it is asked ahead comes in the next batch`() throws {
        var ends = 0
        let count = LambdaCallback(on: .trainBatchEnd) { _ in
            ends += 1
            return nil
        }
        let error = #expect(throws: TrainingError.self) { try fit([count], data: generated(3, thenFails: true)) }
        #expect(error?.underlying is Broken)
        #expect(ends == 1)
    }
}
