import PeriluneData
package import PeriluneProcess

/// Runs epochs and batches, asks the callbacks, and carries out what they want at one place.
///
/// Every begin event is followed by its end, whatever happens in between. An error ends the run: the open ends are
/// sent, then `exception`, then `trainEnd`, and the error is thrown.
package final class TrainingLoop {
    let engine: any TrainingEngine
    let options: FitOptions
    /// Where the run is.
    let state: RunState
    /// What callbacks have asked for.
    let requests = RunRequests()
    /// `state` and `requests`, as callbacks see them.
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
    /// Whether the run stands still and waits for an answer.
    var isAsking = false
    /// Where states are copied that are written while the run goes on.
    let copies = CopyMemory()

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
        let batchSize = options.batchSize ?? 32
        state = RunState(
            params: RunParameters(
                epochs: options.epochs, steps: options.stepsPerEpoch, batchSize: batchSize,
                accumulate: options.accumulate, samples: nil,
                metrics: names + (hasValidation ? names.map { "val_" + $0 } : [])),
            begun: RunPlan(options, batchSize: batchSize, engine.optimizer), callbacks: CallbackList(callbacks))
        run = Run(
            state, requests, engine: engine, interrupts: interrupts, isTraining: isTraining,
            hasValidation: hasValidation, message: message)
        if isTraining { state.callbacks = CallbackList(callbacks + [run.recorder]) }
        keys = LogKeys(metrics: names)
        run.pauser = { [unowned self] in try ask(.breakpoint, at: .event($0)) }
    }
}

// The run as a whole.
extension TrainingLoop {
    /// Trains on what `source` gives, from the beginning or from where `checkpoint` was written.
    /// - Returns: the history, with why it ended.
    /// - Throws: `TrainingError`; before the first event where options, callbacks or data cannot work, or the
    ///   checkpoint is of something else.
    package func fit(from source: any SessionSource, resuming checkpoint: Checkpoint? = nil) throws -> History {
        // Also where it never begins: callbacks may hold on to the run.
        defer {
            batchLogs.release()
            state.current = nil
            validation = nil
            run.isOver()
        }
        run.renewStatistics = { [unowned self] in try renewStatistics(from: source) }
        try options.check()
        refreshCallbacks()
        state.activeAccumulate = options.accumulate
        // A script may set any number, for a run that has nothing left to do.
        splitsSteps = splitsSteps(inEpoch: min(options.initialEpoch, .max - 1) + 1)
        var session = try source.makeTrainingSession(batchSize: options.batchSize, splitsSteps: splitsSteps)
        (state.params.batchSize, state.params.steps) = (session.batchSize, session.batchCount)
        state.params.samples = session.rowCount
        validation = run.hasValidation ? try source.makeValidationSession() : nil
        state.resumedFrom = checkpoint?.path
        state.epoch = options.initialEpoch
        try state.callbacks.begin(run)
        state.begun = RunPlan(options, batchSize: session.batchSize, engine.optimizer)
        state.activeBatchSize = session.batchSize
        if let checkpoint {
            try check(checkpoint)
            try restore(checkpoint)
        } else if !state.callbacks.savers.isEmpty {
            // A state that no file can hold is found before the first batch.
            _ = try state.callbacks.captureStates()
        }
        do {
            try send(.trainBegin, Logs())
            if let checkpoint { try resume(checkpoint, &session, from: source) }
            while !run.isStopping, state.epoch < state.params.epochs {
                refreshCallbacks()
                state.activeAccumulate = state.params.accumulate
                try adapt(&session, of: source, to: state.params.batchSize, inEpoch: state.epoch + 1)
                guard try session.startEpoch(state.epoch + 1) else {
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
    private func adapt(
        _ session: inout any TrainingSession, of source: any SessionSource, to batchSize: Int, inEpoch epoch: Int
    ) throws {
        let splits = splitsSteps(inEpoch: epoch)
        if batchSize != session.batchSize {
            session = try source.makeTrainingSession(batchSize: batchSize, splitsSteps: splits)
            state.activeBatchSize = session.batchSize
            state.params.steps = session.batchCount
        } else if splits != splitsSteps {
            try session.split(splits)
        }
        splitsSteps = splits
    }

    /// Goes on from `checkpoint`. What callbacks did when the run began is a repetition of what they did the first
    /// time, so everything goes back once more to how it was.
    private func resume(
        _ checkpoint: Checkpoint, _ session: inout any TrainingSession, from source: any SessionSource
    ) throws {
        try restore(checkpoint)
        let kept = state.changes.isEmpty ? "" : "; new in this run: " + state.changes.sorted().joined(separator: ", ")
        run.say("going on from \(checkpoint.path): epoch \(state.epoch), step \(run.step)\(kept)")
        let judgedAnew = objectiveChanges(since: checkpoint.state["objective"])
        for line in judgedAnew { run.say(line) }
        if let stop = requests.stop {
            run.say(
                "the run was stopped there" + (stop.reason.map { " (\($0))" } ?? "")
                    + "; with another number of epochs it goes on")
        }
        guard checkpoint.state["boundary"] == .text(Boundary.batch.rawValue) else { return }
        try adapt(&session, of: source, to: state.activeBatchSize, inEpoch: state.epoch)
        let hasMore = try session.startEpoch(state.epoch, atBatch: state.batch + 1)
        session.restore(checkpoint.state["metrics"] ?? .null)
        // Sums of other numbers cannot be added to: the epoch's logs tell of what is left of it, if anything is.
        if !judgedAnew.isEmpty, state.batch < session.batchCount ?? .max { session.resetMetrics() }
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
        state.stopReason = requests.stop?.reason
        state.endReason =
            run.isFailing
            ? .failed : state.isInterrupted ? .interrupted : requests.stop != nil ? .stopped : .finished
        if !run.isFailing, !state.isInterrupted, run.batchesSeen > 0, run.roles.allSatisfy({ $0.averager == nil }) {
            engine.endWithAverage()
        }
        run.recorder.history.endReason = state.endReason
        run.recorder.history.stopReason = state.stopReason
        do { try send(.trainEnd, state.epochLogs) } catch { record(error, at: .trainEnd) }
        guard let failure = state.failure else { return run.history }
        run.recorder.history.endReason = .failed
        throw failure
    }

    /// Whether a callback, of those that are in the run by now, listens to `event`.
    func hasListeners(_ event: Event) -> Bool { state.callbacks.hasListeners(event) }

    /// Lets callbacks change, as those do that come from files.
    func refreshCallbacks() {
        if state.callbacks.refresh(for: run) { state.callbacks = CallbackList(run.callbacks) }
    }

    /// Whether the training session is to take steps apart in an epoch: a callback looks at gradients then, or several
    /// batches make one update.
    private func splitsSteps(inEpoch epoch: Int) -> Bool {
        state.activeAccumulate > 1 || state.callbacks.readGradients(inEpoch: epoch)
    }

    func sendException() {
        guard hasListeners(.exception), let failure = state.failure else { return }
        do {
            _ = try state.callbacks.send(
                EventContext(event: .exception, logs: Logs(), run: run, message: failure.description))
        } catch {
            record(error, at: .exception)
        }
    }

    /// Keeps the first error; later ones are noted in it.
    func record(_ error: any Error, at event: Event) {
        guard var failure = state.failure else {
            let place = TrainingError.Place(
                epoch: state.epoch > 0 ? state.epoch : nil, batch: state.batch > 0 ? state.batch : nil)
            let known = error as? DataError ?? (error as? TrainingError)?.underlying as? DataError
            state.failure = TrainingError.wrapping(
                error, as: .stepFailed, at: known?.namesBatch == true ? TrainingError.Place() : place)
            state.endReason = .failed
            return
        }
        // The same error on its way out through the brackets is not news.
        guard !(error is AlreadyRecorded) else { return }
        failure.suppressed.append("\(error)")
        state.failure = failure
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
