/// Runs epochs and batches, asks the callbacks, and carries out what they want at one place.
///
/// Every begin event is followed by its end, whatever happens in between. An error ends the run: the open ends are sent,
/// then `exception`, then `trainEnd`, and the error is thrown.
package final class TrainingLoop {
    let engine: any TrainingEngine
    let options: FitOptions
    var callbacks: CallbackList
    package let run: Run
    let interrupts: Interrupts
    let keys: LogKeys
    /// Reused for each batch event.
    let batchLogs = Logs()
    var validation: (any BatchSession)?
    /// Whether gradients and update are two programs in the session of this epoch.
    var splitsSteps = false
    /// Whether this pass is made by a callback of a fit of the same model.
    let isWithinFit: Bool
    /// What waits for a boundary to come.
    var pending: Pending?
    /// What the callbacks want of the loop.
    var control = Control()
    /// What the last validation of this epoch gave.
    var validated: Logs?
    /// What the logs of batch events show.
    var current: CurrentBatch?
    /// Batches whose gradients wait for an update.
    var waiting = 0
    /// Whether somebody is being asked what to do.
    var isAsking = false
    /// Updates before the batch in progress.
    var stepBeforeBatch = 0
    /// The logs of the last epoch, for `trainEnd`.
    var epochLogs = Logs()
    /// What this run was asked to do.
    var begun: RunPlan
    /// Rows of a full batch in the epoch in progress; a callback may have planned others for the next.
    var activeBatchSize = 0
    /// Batches that make one update in the epoch in progress; likewise.
    var activeAccumulate = 1
    var epochBegan = ContinuousClock.now
    /// Where states are copied that are written while the run goes on.
    let copies = CopyMemory()
    /// What the user has changed since the checkpoint that this run goes on from.
    var changes: [String] = []

    /// What callbacks asked for and is not done yet.
    struct Control {
        var skip = false
        var endsEpoch = false
        var validates = false
        var isInterrupted = false
        /// Where to write checkpoints at the next boundary.
        var saves: [String] = []
        var restores: Wish.Restore?
    }

    /// The batch whose numbers the logs show.
    struct CurrentBatch {
        let session: any BatchSession
        let rows: Int
        var event: Event
        /// Whether the model has run on it.
        var hasRun = false
    }

    package init(
        engine: any TrainingEngine, options: FitOptions, callbacks: [any Callback],
        interrupts: Interrupts = Interrupts(),
        hasValidation: Bool, isTraining: Bool = true, isWithinFit: Bool = false,
        message: @escaping (String) -> Void = { _ in }
    ) {
        self.engine = engine
        self.options = options
        self.interrupts = interrupts
        self.isWithinFit = isWithinFit
        let names = engine.metrics.map(\.name)
        let params = RunParameters(
            epochs: options.epochs, steps: options.stepsPerEpoch, batchSize: options.batchSize ?? 32,
            accumulate: options.accumulate, samples: nil,
            metrics: names + (hasValidation ? names.map { "val_" + $0 } : []))
        run = Run(
            engine: engine, params: params, isTraining: isTraining, hasValidation: hasValidation, message: message)
        self.callbacks = CallbackList(callbacks + (isTraining ? [run.history] : []))
        begun = RunPlan(options, batchSize: options.batchSize ?? 32, engine.optimizer)
        keys = LogKeys(metrics: names)
        run.callbacks = self.callbacks.callbacks
        run.pauser = { [unowned self] in try ask(.breakpoint, at: .event($0)) }
    }
}

// The run as a whole.
extension TrainingLoop {
    /// Trains, from the beginning or from where `checkpoint` was written.
    /// - Returns: the history, with why it ended.
    /// - Throws: `TrainingError`; before the first event where options, callbacks or data cannot work, or the checkpoint
    ///   is of something else.
    package func fit(resuming checkpoint: Checkpoint? = nil) throws -> History {
        // Also where it never begins: callbacks may hold on to the run.
        defer {
            batchLogs.release()
            current = nil
            validation = nil
            run.isOver()
        }
        try options.check()
        refreshCallbacks()
        activeAccumulate = options.accumulate
        // A script may set any number, for a run that has nothing left to do.
        splitsSteps = wantsSplitSteps(inEpoch: min(options.initialEpoch, .max - 1) + 1)
        var session = try engine.makeTrainingSession(batchSize: options.batchSize, splitsSteps: splitsSteps)
        (run.params.batchSize, run.params.steps) = (session.batchSize, session.batchCount)
        run.params.samples = session.rowCount
        validation = run.hasValidation ? try engine.makeValidationSession() : nil
        run.resumedFrom = checkpoint?.path
        run.epoch = options.initialEpoch
        try callbacks.begin(run)
        begun = RunPlan(options, batchSize: session.batchSize, engine.optimizer)
        activeBatchSize = session.batchSize
        if let checkpoint {
            try check(checkpoint)
            try restore(checkpoint)
        } else if !callbacks.savers.isEmpty {
            // A state that no file can hold is found before the first batch.
            _ = try callbacks.captureStates()
        }
        do {
            try send(.trainBegin, Logs())
            if let checkpoint { try resume(checkpoint, &session) }
            while !run.isStopping, run.epoch < run.params.epochs {
                refreshCallbacks()
                activeAccumulate = run.params.accumulate
                try adapt(&session, to: run.params.batchSize, inEpoch: run.epoch + 1)
                guard try session.startEpoch(run.epoch + 1) else {
                    run.say(session.exhaustion ?? "the training data have nothing more")
                    break
                }
                try epoch(session)
            }
            try saveAtEnd()
        } catch {
            record(error, at: .trainBegin)
        }
        return try finish()
    }

    /// Makes the session what it has to be in this epoch.
    private func adapt(_ session: inout any TrainingSession, to batchSize: Int, inEpoch epoch: Int) throws {
        let splits = wantsSplitSteps(inEpoch: epoch)
        if batchSize != session.batchSize {
            session = try engine.makeTrainingSession(batchSize: batchSize, splitsSteps: splits)
            activeBatchSize = session.batchSize
            run.params.steps = session.batchCount
        } else if splits != splitsSteps {
            try session.split(splits)
        }
        splitsSteps = splits
    }

    /// Goes on from `checkpoint`. What callbacks did when the run began is a repetition of what they did the first time,
    /// so everything goes back once more to how it was.
    private func resume(_ checkpoint: Checkpoint, _ session: inout any TrainingSession) throws {
        try restore(checkpoint)
        let kept = changes.isEmpty ? "" : "; new in this run: " + changes.sorted().joined(separator: ", ")
        run.say("going on from \(checkpoint.path): epoch \(run.epoch), step \(run.step)\(kept)")
        let judgedAnew = objectiveChanges(since: checkpoint.state["objective"])
        for line in judgedAnew { run.say(line) }
        if let stop = run.pendingStop {
            run.say(
                "the run was stopped there" + (stop.reason.map { " (\($0))" } ?? "")
                    + "; with another number of epochs it goes on")
        }
        guard checkpoint.state["boundary"] == .text(Boundary.batch.rawValue) else { return }
        try adapt(&session, to: activeBatchSize, inEpoch: run.epoch)
        let hasMore = try session.startEpoch(run.epoch, atBatch: run.batch + 1)
        session.restore(checkpoint.state["metrics"] ?? .null)
        // Sums of other numbers cannot be added to: the epoch's logs tell of what is left of it, if anything is.
        if !judgedAnew.isEmpty, run.batch < session.batchCount ?? .max { session.resetMetrics() }
        let elapsed = checkpoint.state["run"]?["epoch_elapsed"]?.seconds ?? 0
        try epoch(session, continuedAfter: elapsed, hasMore: hasMore)
    }

    /// Sets why the run ends, and sends the last events.
    private func finish() throws -> History {
        if run.isFailing {
            saveAfterFailure()
            engine.abandonStep()
            sendException()
        }
        run.stopReason = run.pendingStop?.reason
        run.endReason =
            run.isFailing
            ? .failed : control.isInterrupted ? .interrupted : run.pendingStop != nil ? .stopped : .finished
        run.history.endReason = run.endReason
        run.history.stopReason = run.stopReason
        do { try send(.trainEnd, epochLogs) } catch { record(error, at: .trainEnd) }
        guard let failure = run.failure else { return run.history }
        run.history.endReason = .failed
        throw failure
    }

    func sendException() {
        guard hasListeners(.exception), let failure = run.failure else { return }
        do {
            _ = try callbacks.send(
                EventContext(event: .exception, logs: Logs(), run: run, message: failure.description))
        } catch {
            record(error, at: .exception)
        }
    }

    /// Keeps the first error; later ones are noted in it.
    func record(_ error: any Error, at event: Event) {
        guard var failure = run.failure else {
            let place = TrainingError.Place(
                epoch: run.epoch > 0 ? run.epoch : nil, batch: run.batch > 0 ? run.batch : nil)
            run.failure = TrainingError.wrapping(error, as: .stepFailed, at: place)
            run.endReason = .failed
            return
        }
        // The same error on its way out through the brackets is not news.
        guard !(error is AlreadyRecorded) else { return }
        failure.suppressed.append("\(error)")
        run.failure = failure
    }

    /// Unwinds to the run after an error has been recorded.
    struct AlreadyRecorded: Error {}

    /// Sends `begin`, unless it has been, does `body` and sends `end`, which comes whatever happened before it.
    func bracket(
        _ begin: Event, _ end: Event, _ beginLogs: Logs, hasBegun: Bool = false, body: () throws -> Logs?,
        closing: () -> Logs
    ) throws {
        var logs: Logs?
        do {
            if !hasBegun { try send(begin, beginLogs) }
            logs = try body()
        } catch {
            record(error, at: begin)
        }
        do { try send(end, logs ?? closing()) } catch { record(error, at: end) }
        if run.isFailing { throw AlreadyRecorded() }
    }
}
