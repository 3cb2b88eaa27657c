import PeriluneProcess
import Testing

@testable import PeriluneTrain

@Suite("Order of events")
struct EventOrderTests {
    /// An epoch of two batches and one validation batch.
    static func epoch(_ number: Int) -> [String] {
        [
            "epoch_begin \(number)", "train_batch_begin 1", "train_batch_end 1", "train_batch_begin 2",
            "train_batch_end 2", "test_begin", "test_batch_begin 1", "test_batch_end 1", "test_end",
            "epoch_end \(number)", "checkpoint \(number)",
        ]
    }

    @Test("fit sends the events that the contract lists")
    func fit() throws {
        let recorder = Recorder()
        let history = try makeLoop(FakeEngine(), [recorder]) { $0.epochs = 2 }.fit()
        #expect(recorder.trace == ["train_begin"] + Self.epoch(1) + Self.epoch(2) + ["train_end"])
        #expect(history.endReason == .finished)
        #expect(history.stopReason == nil)
        #expect(history.epochs == [1, 2])
    }

    @Test("evaluate and predict send their own events")
    func alone() throws {
        let engine = try FakeEngine()
        engine.validationBatches = 2
        let recorder = Recorder()
        func loop() -> TrainingLoop {
            TrainingLoop(
                engine: engine, options: FitOptions(), callbacks: [recorder], hasValidation: false, isTraining: false)
        }
        let logs = try loop().evaluate(FakeSession(engine, batchSize: 4, trains: false))
        #expect(logs.names == ["loss", "accuracy"])
        #expect(
            recorder.trace == [
                "test_begin", "test_batch_begin 1", "test_batch_end 1", "test_batch_begin 2", "test_batch_end 2",
                "test_end",
            ])
        recorder.trace = []
        var rows = 0
        try loop().predict(FakeSession(engine, batchSize: 4, trains: false)) { rows += $0 }
        #expect(rows == 8)
        #expect(
            recorder.trace == [
                "predict_begin", "predict_batch_begin 1", "predict_batch_end 1", "predict_batch_begin 2",
                "predict_batch_end 2", "predict_end",
            ])
    }

    @Test("Backward end comes between the batch's begin and end, and only where someone listens")
    func backwardEnd() throws {
        let engine = try FakeEngine()
        let recorder = Recorder()
        recorder.events = [.trainBatchBegin, .backwardEnd, .trainBatchEnd]
        _ = try makeLoop(engine, [recorder], validates: false).fit()
        #expect(
            recorder.trace == [
                "train_batch_begin 1", "backward_end 1", "train_batch_end 1", "train_batch_begin 2", "backward_end 2",
                "train_batch_end 2",
            ])
        #expect(engine.calls == ["backward", "update", "backward", "update"])
    }

    /// For each event, the trace of a run of two epochs in which it asks for a stop the first time it happens.
    static let stops: [(Event, [String])] = [
        (.trainBegin, ["train_begin", "train_end"]),
        (.epochBegin, ["train_begin", "epoch_begin 1", "epoch_end 1", "checkpoint 1", "train_end"]),
        (.trainBatchBegin, afterFirstBatch),
        (.trainBatchEnd, afterFirstBatch),
        (.testBegin, wholeEpoch), (.testBatchBegin, wholeEpoch), (.testBatchEnd, wholeEpoch), (.testEnd, wholeEpoch),
        (.epochEnd, wholeEpoch), (.checkpoint, wholeEpoch),
    ]
    static let wholeEpoch = ["train_begin"] + epoch(1) + ["train_end"]
    static let afterFirstBatch = wholeEpoch.filter { !$0.hasSuffix("batch_begin 2") && !$0.hasSuffix("batch_end 2") }

    @Test("A stop ends the run in order, whichever event asks", arguments: stops)
    func stop(_ event: Event, _ expected: [String]) throws {
        let recorder = Recorder()
        recorder.action = { $0.event == event ? .stop("enough") : nil }
        let loop = makeLoop(try FakeEngine(), [recorder]) { $0.epochs = 2 }
        let history = try loop.fit()
        #expect(recorder.trace == expected)
        #expect(history.endReason == .stopped)
        #expect(history.stopReason == "enough")
        #expect(loop.run.endReason == .stopped)
    }

    @Test("A stop that says now leaves validation out")
    func stopNow() throws {
        let recorder = Recorder()
        recorder.action = { $0.event == .trainBatchEnd ? .stop(now: true) : nil }
        _ = try makeLoop(FakeEngine(), [recorder]) { $0.epochs = 2 }.fit()
        #expect(
            recorder.trace == [
                "train_begin", "epoch_begin 1", "train_batch_begin 1", "train_batch_end 1", "epoch_end 1",
                "checkpoint 1", "train_end",
            ])
    }

    @Test(
        "An error ends the run with every begin closed, then exception, then train end",
        arguments: Event.allCases.filter { event in stops.contains { $0.0 == event } || event == .trainEnd })
    func failure(_ event: Event) throws {
        let (first, second) = (Recorder("first"), Recorder("second"))
        first.action = { context in
            guard context.event == event else { return nil }
            throw FakeFailure("broken")
        }
        let loop = makeLoop(try FakeEngine(), [first, second]) { $0.epochs = 2 }
        let error = try #require(throws: TrainingError.self) { try loop.fit() }
        #expect(error.code == .callbackFailed)
        #expect(error.place.callback == "first")
        #expect(error.place.event == event)
        // The other callbacks see the event too: pairs hold for each of them.
        #expect(first.trace == second.trace)
        for (begin, end) in [
            ("train_begin", "train_end"), ("epoch_begin", "epoch_end"), ("train_batch_begin", "train_batch_end"),
            ("test_begin", "test_end"), ("test_batch_begin", "test_batch_end"),
        ] {
            let begins = first.trace.count { $0.hasPrefix(begin) }
            #expect(begins == first.trace.count { $0.hasPrefix(end) }, "\(begin) and \(end)")
        }
        #expect(first.trace.last == "train_end")
        if event != .trainEnd { #expect(first.trace.dropLast().last == "exception") }
        #expect(loop.run.endReason == .failed)
    }

    @Test("A step that fails is told with epoch and batch, and the engine forgets it")
    func stepFailure() throws {
        let engine = try FakeEngine()
        engine.failing = (2, 1)
        let recorder = Recorder()
        let loop = makeLoop(engine, [recorder]) { $0.epochs = 3 }
        let error = try #require(throws: TrainingError.self) { try loop.fit() }
        #expect(error.code == .stepFailed)
        #expect(error.description == "the step failed (epoch 2, batch 1)")
        #expect(
            recorder.trace.suffix(6) == [
                "epoch_begin 2", "train_batch_begin 1", "train_batch_end 1", "epoch_end 2", "exception", "train_end",
            ])
        #expect(engine.calls.last == "abandon")
        engine.failing = nil
        #expect(try makeLoop(engine, [recorder]).fit().endReason == .finished)
    }

    @Test("An interrupt ends the run after the batch, without validation")
    func interrupt() throws {
        let interrupts = Interrupts()
        let recorder = Recorder()
        recorder.action = { context in
            if context.event == .trainBatchEnd { interrupts.request() }
            return nil
        }
        let history = try makeLoop(FakeEngine(), [recorder], interrupts: interrupts) { $0.epochs = 2 }.fit()
        #expect(history.endReason == .interrupted)
        #expect(
            recorder.trace == [
                "train_begin", "epoch_begin 1", "train_batch_begin 1", "train_batch_end 1", "epoch_end 1",
                "checkpoint 1", "train_end",
            ])
        #expect(!interrupts.isRequested)
    }

    @Test("An interrupt may be answered with going on")
    func resume() throws {
        let interrupts = Interrupts()
        interrupts.request()
        var asked = 0
        let history = try makeLoop(FakeEngine(), [], interrupts: interrupts) { options in
            options.onInterrupt = { _ in
                asked += 1
                return .resume
            }
        }.fit()
        #expect(history.endReason == .finished)
        #expect(asked == 1)
    }
}
