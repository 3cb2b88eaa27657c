import PeriluneData
import Testing

@testable import PeriluneTrain

@Suite("Training loop")
struct LoopTests {
    @Test("Epoch logs have the metrics, their validation, and where the run is")
    func epochLogs() throws {
        var names: [String] = []
        let callback = LambdaCallback(on: .epochEnd) { context in
            names = context.logs.names
            return nil
        }
        let history = try makeLoop(FakeEngine(), [callback]).fit()
        #expect(
            names == [
                "loss", "accuracy", "val_loss", "val_accuracy", "lr", "epoch", "step", "epoch_seconds",
                "samples_per_second",
            ])
        #expect(history["val_loss"] == [0.25])
        #expect(history["loss"] == [0.5])
    }

    @Test("Batch logs have this batch and the epoch so far, and are fresh for each event")
    func batchLogs() throws {
        let engine = try FakeEngine()
        engine.trainValue = { _, batch in Double(batch) }
        var seen: [[Double]] = []
        let callback = LambdaCallback(on: .trainBatchEnd) { context in
            #expect(
                context.logs.names == ["loss", "accuracy", "running_loss", "running_accuracy", "lr", "step", "size"])
            seen.append(context.logs.values)
            context.logs["mine"] = 1
            return nil
        }
        _ = try makeLoop(engine, [callback]).fit()
        #expect(seen == [[1, 1, 1, 1, 0.1, 1, 32], [2, 2, 1.5, 1.5, 0.1, 2, 32]])
    }

    @Test("A metric that a callback writes reaches later callbacks, history and train end")
    func writtenMetric() throws {
        let first = LambdaCallback(on: .epochEnd) { .log("score", Double($0.run.epoch)) }
        var seen: [Double?] = []
        let second = LambdaCallback([
            .epochEnd: { context in
                seen.append(context.logs["score"])
                return nil
            },
            .trainEnd: { context in
                seen.append(context.logs["score"])
                return nil
            },
        ])
        let history = try makeLoop(FakeEngine(), [first, second]) { $0.epochs = 2 }.fit()
        #expect(seen == [1, 2, 2])
        #expect(history["score"] == [1, 2])
    }

    @Test("Validation runs each n-th epoch")
    func validationFrequency() throws {
        let history = try makeLoop(FakeEngine(), []) { options in
            options.epochs = 5
            options.validationEvery = .epochs(2)
        }.fit()
        #expect(history["loss"]?.count == 5)
        #expect(history["val_loss"]?.count == 2)
        #expect(history.validations.map(\.epoch) == [2, 4])
    }

    @Test("Accumulation updates once for several batches, and at the end of an epoch with what is left")
    func accumulation() throws {
        let engine = try FakeEngine()
        engine.batches = 5
        _ = try makeLoop(engine, [], validates: false) { $0.accumulate = 2 }.fit()
        #expect(
            engine.calls == [
                "backward", "backward", "update", "backward", "backward", "update", "backward", "update",
            ])
    }

    @Test("Epochs that are done are not run again")
    func initialEpoch() throws {
        let history = try makeLoop(FakeEngine(), []) { options in
            options.epochs = 4
            options.initialEpoch = 2
        }.fit()
        #expect(history.epochs == [3, 4])
        let none = try makeLoop(FakeEngine(), []) { options in
            options.epochs = 2
            options.initialEpoch = 2
        }.fit()
        #expect(none.epochs.isEmpty)
        #expect(none.endReason == .finished)
    }

    @Test("Data that end are not replayed")
    func exhaustion() throws {
        let engine = try FakeEngine()
        engine.epochsAvailable = 2
        let history = try makeLoop(engine, []) { $0.epochs = 4 }.fit()
        #expect(history.epochs == [1, 2])
        #expect(engine.remarks == ["the data end after 2 epochs"])
    }

    @Test("Impossible options are refused before the first event")
    func options() throws {
        func message(_ change: (inout FitOptions) -> Void) throws -> String {
            let recorder = Recorder()
            let loop = makeLoop(try FakeEngine(), [recorder], change)
            let error = try #require(throws: TrainingError.self) { try loop.fit() }
            #expect(recorder.trace.isEmpty)
            return error.description
        }
        #expect(try message { $0.epochs = -1 } == "fit: 'epochs' must be a whole number of 0 or more, got -1")
        #expect(try message { $0.batchSize = 0 }.contains("'batch_size'"))
        #expect(try message { $0.accumulate = 0 }.contains("'accumulate'"))
        #expect(try message { $0.validationEvery = .steps(0) }.contains("'validation_every.steps'"))
        #expect(try message { $0.classWeight = [1: -1] }.contains("class weight of 1"))
    }

    @Test("The run stops as the directive does")
    func runStops() throws {
        let callback = LambdaCallback(on: .trainBatchEnd) { context in
            context.run.stop("by hand")
            return nil
        }
        let history = try makeLoop(FakeEngine(), [callback]) { $0.epochs = 3 }.fit()
        #expect(history.stopReason == "by hand")
        #expect(history.epochs == [1])
    }

    @Test("Event names parse, with aliases and hints")
    func eventNames() throws {
        #expect(try Event(named: "epoch_end") == .epochEnd)
        #expect(try Event(named: "on_batch_end") == .trainBatchEnd)
        let error = try #require(throws: TrainingError.self) { try Event(named: "on_epoch_ent") }
        #expect(error.message == "unknown event 'on_epoch_ent'; did you mean 'on_epoch_end'?")
        for event in Event.allCases { #expect(try Event(named: event.name) == event) }
    }

    @Test("Filters pass what they say")
    func filters() throws {
        let filters: [(EventFilter, [Int])] = try [
            (EventFilter(every: 3), [3, 6, 9]), (EventFilter(once: [2, 5]), [2, 5]),
            (EventFilter(after: 8), [9, 10]), (EventFilter(before: 3), [1, 2]),
            (EventFilter(every: 3, after: 4), [7, 10]), (EventFilter(every: 2, after: 1, before: 6), [3, 5]),
            (EventFilter(every: 2, when: { $0.run.epoch > 4 }), [6, 8, 10]), (EventFilter(seconds: 1000), [1]),
        ]
        for (filter, expected) in filters {
            var seen: [Int] = []
            let inner = LambdaCallback(on: .epochEnd) { context in
                seen.append(context.run.epoch)
                return nil
            }
            let callback = FilteredCallback(inner, on: .epochEnd, filter)
            _ = try makeLoop(FakeEngine(), [callback]) { $0.epochs = 10 }.fit()
            #expect(seen == expected)
        }
    }

    @Test("Impossible filters are refused")
    func impossibleFilters() {
        #expect(throws: TrainingError.self) { try EventFilter(every: 0) }
        #expect(throws: TrainingError.self) { try EventFilter(once: [0]) }
        for (after, before) in [(3, 4), (.max, 1), (.max, .max), (.max - 1, .max), (4, 3)] {
            let error = #expect(throws: TrainingError.self) { try EventFilter(after: after, before: before) }
            #expect(error?.message == "event filter: nothing comes after \(after) and before \(before)")
        }
        #expect(throws: Never.self) { try EventFilter(after: .max - 2, before: .max) }
        #expect(throws: TrainingError.self) { try EventFilter(seconds: -.infinity) }
    }
}
