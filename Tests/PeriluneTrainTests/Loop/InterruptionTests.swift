import PeriluneProcess
import Testing

@testable import PeriluneTrain

/// What a run asks when it is interrupted, and what it does with the answers.
@Suite struct InterruptionTests {
    /// Notes where a run stood still and answers in turn; after the last answer the run goes on.
    private final class Asker {
        var answers: [InterruptDecision?]
        var places: [String] = []
        var logs: [Logs] = []

        init(_ answers: InterruptDecision?...) { self.answers = answers }

        func answer(_ interruption: Interruption) -> InterruptDecision? {
            let run = interruption.run
            let cause =
                switch interruption.cause {
                case .stop: "stop"
                case .prompt: "prompt"
                case .attention: "attention"
                case .stepsDone(let forAttention): forAttention ? "attention's count" : "count"
                case .directive(let callback): "\(callback)'s directive"
                case .breakpoint: "breakpoint"
                case .callback(let error): "\(error)"
                }
            let moment =
                switch interruption.moment {
                case .batch: "batch"
                case .testBatch: "test batch \(run.testBatch)"
                case .epoch: "epoch"
                case .event(let event): event?.name ?? "event"
                }
            places.append("\(cause) at \(run.epoch).\(run.batch) \(moment)")
            logs.append(interruption.logs)
            return answers.isEmpty ? .resume : answers.removeFirst()
        }
    }

    /// Fits three epochs of two batches and a validation of two.
    @discardableResult
    private func fit(
        _ asker: Asker?, _ callbacks: any Callback..., interrupts: Interrupts = Interrupts()
    ) throws -> History {
        let engine = try FakeEngine()
        engine.validationBatches = 2
        return try makeLoop(engine, callbacks, interrupts: interrupts) { options in
            options.epochs = 3
            if let asker { options.onInterrupt = asker.answer }
        }.fit()
    }

    private func requesting(_ reasons: Interrupts.Reasons, _ interrupts: Interrupts, on event: Event, epoch: Int = 1)
        -> any Callback
    {
        LambdaCallback(on: event) { context in
            if context.run.epoch == epoch { interrupts.request(reasons) }
            return nil
        }
    }

    @Test func `a run is asked after a batch, after a batch of validation, and between epochs`() throws {
        let interrupts = Interrupts()
        for (event, place) in [
            (Event.trainBatchBegin, "prompt at 1.1 batch"), (.testBatchBegin, "prompt at 1.2 test batch 1"),
            (.epochEnd, "prompt at 1.2 epoch"),
        ] {
            let asker = Asker()
            let history = try fit(asker, requesting(.prompt, interrupts, on: event), interrupts: interrupts)
            #expect(asker.places.first == place)
            #expect(history.endReason == .finished)
            #expect(history.epochs == [1, 2, 3])
        }
    }

    @Test func `the logs are those of the batch, of the batch of validation, or of the epoch`() throws {
        let interrupts = Interrupts()
        for (event, names) in [
            (Event.trainBatchBegin, ["loss", "accuracy", "running_loss", "running_accuracy", "lr", "step", "size"]),
            (.testBatchBegin, ["loss", "accuracy", "running_loss", "running_accuracy", "size"]),
            (
                .epochEnd,
                [
                    "loss", "accuracy", "val_loss", "val_accuracy", "lr", "epoch", "step", "epoch_seconds",
                    "samples_per_second",
                ]
            ),
        ] {
            let asker = Asker()
            try fit(asker, requesting(.prompt, interrupts, on: event), interrupts: interrupts)
            #expect(asker.logs.first?.names == names)
        }
    }

    @Test func `a step counts batches, also over the end of an epoch`() throws {
        let interrupts = Interrupts()
        interrupts.request()
        let asker = Asker(.step(batches: 1), .step(batches: 3), .resume)
        try fit(asker, interrupts: interrupts)
        #expect(asker.places == ["prompt at 1.1 batch", "count at 1.2 batch", "count at 3.1 batch"])
    }

    @Test func `next goes to the end of the epoch, or of the next one`() throws {
        let interrupts = Interrupts()
        interrupts.request()
        let asker = Asker(.nextEpoch, .nextEpoch, .nextEpoch, .nextEpoch)
        let history = try fit(asker, interrupts: interrupts)
        #expect(
            asker.places == [
                "prompt at 1.1 batch", "count at 1.2 epoch", "count at 2.2 epoch", "count at 3.2 epoch",
            ])
        #expect(history.endReason == .finished)
    }

    @Test func `the answer to stop ends the run in order`() throws {
        let interrupts = Interrupts()
        interrupts.request()
        let recorder = Recorder()
        let history = try fit(Asker(.stop), recorder, interrupts: interrupts)
        #expect(history.endReason == .interrupted)
        #expect(history.stopReason == "interrupted")
        #expect(recorder.trace.suffix(3) == ["epoch_end 1", "checkpoint 1", "train_end"])
    }

    @Test func `the answer to abort ends the run as an error, with the ends that are open`() throws {
        let interrupts = Interrupts()
        interrupts.request()
        let recorder = Recorder()
        let error = #expect(throws: TrainingError.self) {
            try self.fit(Asker(.abort), recorder, interrupts: interrupts)
        }
        #expect(error?.code == .aborted)
        #expect("\(try #require(error))" == "aborted at the prompt (epoch 1, batch 1)")
        #expect(recorder.trace.suffix(4) == ["train_batch_end 1", "epoch_end 1", "exception", "train_end"])
    }

    @Test func `a wish to stop comes before a wish to be asked`() throws {
        let interrupts = Interrupts()
        interrupts.request()
        interrupts.request(.stop)
        let asker = Asker(.stop)
        let history = try fit(asker, interrupts: interrupts)
        #expect(asker.places == ["stop at 1.1 batch"])
        #expect(history.endReason == .interrupted)
        #expect(interrupts.requested.isEmpty)
    }

    @Test func `attention goes to whoever answers, its counts too, and does not end a run with nobody there`() throws {
        let interrupts = Interrupts()
        interrupts.request(.attention)
        let asker = Asker(.step(batches: 1))
        try fit(asker, interrupts: interrupts)
        #expect(asker.places == ["attention at 1.1 batch", "attention's count at 1.2 batch"])

        interrupts.request(.attention)
        #expect(try fit(nil, interrupts: interrupts).endReason == .finished)
        #expect(try fit(Asker(nil), interrupts: interrupts).endReason == .finished)
        #expect(!interrupts.isRequested)
    }

    @Test func `a callback pauses the run when all callbacks of the event have been asked`() throws {
        let pausing = LambdaCallback(name: "nosy", on: .epochEnd) { $0.run.epoch == 2 ? .pause : nil }
        let later = Recorder()
        let asker = Asker()
        try fit(asker, pausing, later)
        #expect(asker.places == ["nosy's directive at 2.2 on_epoch_end"])
        #expect(asker.logs[0]["val_loss"] == 0.25)
    }

    @Test func `a pause with nobody to ask is an error that says so and where`() throws {
        for asker in [nil, Asker(nil)] {
            let error = #expect(throws: TrainingError.self) {
                try self.fit(asker, LambdaCallback(name: "nosy", on: .trainBatchEnd) { _ in .pause })
            }
            #expect(
                "\(try #require(error))"
                    == "'pause' opens the live prompt, which needs a terminal, and this program has "
                    + "none (callback 'nosy', on_train_batch_end, epoch 1, batch 1)")
        }
    }

    @Test func `a breakpoint stands still in the middle of a callback`() throws {
        let asker = Asker(.step(batches: 1))
        var after: [String] = []
        let callback = LambdaCallback(on: .trainBatchBegin) { context in
            guard context.run.batchesSeen == 1 else { return nil }
            try context.run.pause()
            after = asker.places
            return nil
        }
        try fit(asker, callback)
        #expect(after == ["breakpoint at 1.1 on_train_batch_begin"])
        #expect(asker.places == ["breakpoint at 1.1 on_train_batch_begin", "count at 1.1 batch"])
    }

    @Test func `an abort within a callback holds whatever the callback makes of it`() throws {
        let callback = LambdaCallback(on: .trainBatchBegin) { context in
            try? context.run.pause()
            return nil
        }
        let error = #expect(throws: TrainingError.self) { try self.fit(Asker(.abort), callback) }
        #expect(error?.code == .aborted)
    }

    @Test func `an interrupted callback has not failed: the interruption has arrived`() throws {
        let interrupts = Interrupts()
        func interrupted() -> any Callback {
            LambdaCallback(name: "slow", on: .trainBatchEnd) { context in
                guard context.run.batchesSeen == 2 else { return nil }
                interrupts.request()
                throw TrainingError(.interrupted, "train.lua:3: interrupted")
            }
        }
        let asker = Asker()
        let place = "train.lua:3: interrupted (callback 'slow', on_train_batch_end, epoch 1, batch 2)"
        #expect(try fit(asker, interrupted(), interrupts: interrupts).endReason == .finished)
        #expect(asker.places == ["\(place) at 1.2 on_train_batch_end"])
        #expect(interrupts.requested.isEmpty)

        let history = try fit(nil, interrupted(), interrupts: interrupts)
        #expect(history.endReason == .interrupted)
        #expect(history.epochs == [1])
    }

    @Test func `callbacks that come and go are asked from the next event on`() throws {
        let (late, early) = (Recorder("late"), Recorder("early"))
        let editor = LambdaCallback(on: .trainBatchBegin) { context in
            guard context.run.batchesSeen == 3 else { return nil }
            try context.run.add(late)
            #expect(context.run.remove(early))
            #expect(!context.run.remove(early))
            #expect(throws: TrainingError.self) { try context.run.add(late) }
            return nil
        }
        try fit(nil, early, editor)
        // The event in progress goes on with the callbacks that it began with.
        #expect(early.trace.last == "train_batch_begin 1")
        #expect(early.trace.filter { $0.hasPrefix("epoch_begin") } == ["epoch_begin 1", "epoch_begin 2"])
        #expect(late.trace.first == "train_batch_end 1")
        #expect(late.trace.last == "train_end")
    }

    @Test func `gradients come to a new callback from the next epoch on`() throws {
        let engine = try FakeEngine()
        var epochs: [Int] = []
        let nosy = LambdaCallback(on: .backwardEnd) { context in
            epochs.append(context.run.epoch)
            return nil
        }
        let editor = LambdaCallback(on: .epochBegin) { context in
            if context.run.epoch == 1 { try context.run.add(nosy) }
            if context.run.epoch == 3 { context.run.remove(nosy) }
            return nil
        }
        _ = try makeLoop(engine, [editor], validates: false) { $0.epochs = 4 }.fit()
        #expect(epochs == [2, 2])
        let update = ["backward", "update"]
        #expect(engine.calls == ["step", "step"] + update + update + update + update + ["step", "step"])
    }
}
