import PeriluneData
import PeriluneGraph
import PeriluneNN
import Testing

@testable import PeriluneTrain

/// The order of events of real runs, which the loop's own tests show for a fake engine.
@Suite("Events of a real trainer")
struct RealEventTests {
    /// Three batches of 4, 4 and 2 rows and two of validation, as lines of a trace.
    static func epoch(_ number: Int) -> [String] {
        ["epoch_begin \(number)"] + batches("train", 3) + ["test_begin"] + batches("test", 2)
            + ["test_end", "epoch_end \(number)", "checkpoint \(number)"]
    }

    static func batches(_ kind: String, _ count: Int) -> [String] {
        (1...count).flatMap { ["\(kind)_batch_begin \($0)", "\(kind)_batch_end \($0)"] }
    }

    private func fit(
        _ trainer: Trainer, _ callbacks: [any Callback], epochs: Int = 2
    ) throws -> History {
        var options = FitOptions()
        (options.epochs, options.batchSize, options.validationBatchSize, options.verbose) = (epochs, 4, 3, .silent)
        // Two fits are to see the rows in one order.
        options.shuffle = false
        return try trainer.fit(line(), options, validation: line().take(6), callbacks: callbacks)
    }

    @Test("fit, evaluate and predict")
    func golden() throws {
        let trainer = try lineTrainer()
        let recorder = Recorder()
        let history = try fit(trainer, [recorder])
        #expect(recorder.trace == ["train_begin"] + Self.epoch(1) + Self.epoch(2) + ["train_end"])
        #expect(history.endReason == .finished)
        recorder.trace = []
        let logs = try trainer.evaluate(line(), batchSize: 4, callbacks: [recorder])
        #expect(logs.names == ["loss"])
        #expect(recorder.trace == ["test_begin"] + Self.batches("test", 3) + ["test_end"])
        recorder.trace = []
        let outputs = try trainer.predict(line(), batchSize: 6, callbacks: [recorder])
        #expect(outputs.map(\.shape) == [[10, 1]])
        #expect(recorder.trace == ["predict_begin"] + Self.batches("predict", 2) + ["predict_end"])
    }

    @Test("Backward end comes within the batch, where someone listens")
    func backwardEnd() throws {
        let recorder = Recorder()
        recorder.events = [.trainBatchBegin, .backwardEnd, .trainBatchEnd]
        _ = try fit(lineTrainer(), [recorder], epochs: 1)
        #expect(
            recorder.trace
                == (1...3).flatMap { ["train_batch_begin \($0)", "backward_end \($0)", "train_batch_end \($0)"] })
    }

    private static let wholeEpoch = ["train_begin"] + epoch(1) + ["train_end"]
    private static let oneBatch = wholeEpoch.filter { !["2", "3"].contains($0.suffix(1)) || $0.hasPrefix("test") }
    /// For each event, the trace of a run that it stops at its first chance, and the steps trained by then.
    static let stops: [(Event, [String], Int)] = [
        (.trainBegin, ["train_begin", "train_end"], 0),
        (.epochBegin, ["train_begin", "epoch_begin 1", "epoch_end 1", "checkpoint 1", "train_end"], 0),
        (.trainBatchBegin, oneBatch, 1), (.trainBatchEnd, oneBatch, 1), (.testBegin, wholeEpoch, 3),
        (.testBatchBegin, wholeEpoch, 3), (.testBatchEnd, wholeEpoch, 3), (.testEnd, wholeEpoch, 3),
        (.epochEnd, wholeEpoch, 3), (.checkpoint, wholeEpoch, 3),
    ]

    @Test("A stop in each event ends in order", arguments: stops)
    func stop(_ event: Event, _ expected: [String], _ steps: Int) throws {
        let trainer = try lineTrainer()
        let recorder = Recorder()
        recorder.action = { $0.event == event ? .stop("enough") : nil }
        let history = try fit(trainer, [recorder])
        #expect(recorder.trace == expected)
        #expect(history.endReason == .stopped && history.stopReason == "enough")
        #expect(trainer.step == steps)
        // What stopped is not stopped for ever.
        #expect(try fit(trainer, []).endReason == .finished)
    }

    @Test("A stop at backward end makes the update that was begun")
    func stopAtBackwardEnd() throws {
        let trainer = try lineTrainer()
        let history = try fit(trainer, [LambdaCallback(on: .backwardEnd) { _ in .stop("enough") }])
        #expect(history.endReason == .stopped)
        #expect(trainer.step == 1)
    }

    @Test(
        "An error in each event closes what is open, and the trainer goes on to train",
        arguments: stops.map(\.0) + [.backwardEnd, .trainEnd])
    func failure(_ event: Event) throws {
        let trainer = try lineTrainer()
        let recorder = Recorder()
        if event == .backwardEnd { recorder.events.insert(.backwardEnd) }
        var reasons: [EndReason?] = []
        recorder.action = { context in
            if context.event == .exception { reasons.append(context.run.endReason) }
            if context.event == event { throw FakeFailure("broken") }
            return nil
        }
        let error = try #require(throws: TrainingError.self) { try fit(trainer, [recorder]) }
        #expect(error.code == .callbackFailed && error.place.event == event)
        #expect(error.description.contains("broken"))
        for name in ["train", "epoch", "train_batch", "test", "test_batch"] {
            let begins = recorder.trace.count { $0.split(separator: " ")[0] == "\(name)_begin" }
            #expect(begins == recorder.trace.count { $0.split(separator: " ")[0] == "\(name)_end" }, "\(name)")
        }
        #expect(recorder.trace.last == "train_end")
        if event != .trainEnd {
            #expect(recorder.trace.dropLast().last == "exception")
            #expect(reasons == [.failed])
        }
        let history = try fit(trainer, [])
        #expect(history.endReason == .finished)
        #expect(history["loss"]?.allSatisfy(\.isFinite) == true)
    }

    @Test("A failed update leaves no gradients behind")
    func failureForgetsGradients() throws {
        func weights(failing: Bool) throws -> [Tensor] {
            let trainer = try lineTrainer()
            let listener = LambdaCallback(on: .backwardEnd) { context in
                if failing, context.run.batch == 1, context.run.epoch == 1 { throw FakeFailure("broken") }
                return nil
            }
            if failing { #expect(throws: TrainingError.self) { try fit(trainer, [listener]) } }
            // Nothing has been updated: training anew is like training at first, if the gradients are forgotten.
            #expect(trainer.step == 0)
            _ = try fit(trainer, [LambdaCallback(on: .backwardEnd) { _ in nil }])
            return try trainer.getWeights()
        }
        #expect(try weights(failing: true) == weights(failing: false))
    }

    @Test(
        "Errors in evaluation and prediction close their events too",
        arguments: [Event.testBatchEnd, .predictBatchBegin])
    func failureAlone(_ event: Event) throws {
        let trainer = try lineTrainer()
        let recorder = Recorder()
        recorder.action = { context in
            if context.event == event { throw FakeFailure("broken") }
            return nil
        }
        let error = try #require(throws: TrainingError.self) {
            _ =
                try event.isPrediction
                ? trainer.predict(line(), batchSize: 4, callbacks: [recorder]).count
                : trainer.evaluate(line(), batchSize: 4, callbacks: [recorder]).count
        }
        #expect(error.place.event == event)
        let kind = event.isPrediction ? "predict" : "test"
        #expect(
            recorder.trace == [
                "\(kind)_begin", "\(kind)_batch_begin 1", "\(kind)_batch_end 1", "\(kind)_end", "exception",
            ])
        #expect(try trainer.evaluate(line())["loss"]?.isFinite == true)
    }
}
