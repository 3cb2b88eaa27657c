import PeriluneData

// One epoch: its batches, validation, and the logs of its end.
extension TrainingLoop {
    func epoch(_ session: any TrainingSession) throws {
        state.epoch += 1
        state.batch = 0
        state.batchesTrained = 0
        requests.endsEpoch = false
        state.validated = nil
        session.resetMetrics()
        try epoch(session, continuedAfter: nil, hasMore: true)
    }

    /// An epoch from its beginning, or the rest of one.
    /// - Parameters:
    ///   - elapsed: the seconds that an epoch has taken already which a resumed run goes on with.
    ///   - hasMore: whether the data have batches left for it.
    func epoch(_ session: any TrainingSession, continuedAfter elapsed: Double?, hasMore: Bool) throws {
        let (began, paused) = (ContinuousClock.now - .waiting(elapsed ?? 0), state.secondsPaused)
        state.epochBegan = began
        state.epochLogs = positionLogs(run.lastLearningRate)
        try bracket(.epochBegin, .epochEnd, positionLogs(engine.optimizer.learningRate), hasBegun: elapsed != nil) {
            guard elapsed != nil || !run.isStopping && !requests.endsEpoch else { return nil }
            let rows = try trainBatches(session, hasMore: hasMore)
            let trained = (ContinuousClock.now - began).inSeconds - (state.secondsPaused - paused)
            if validatesAtEpochEnd { try validate(withinEpoch: false) }
            state.epochLogs = metricLogs(session, rows: rows, trained: trained)
            state.epochLogs["epoch_seconds"] = (ContinuousClock.now - began).inSeconds - (state.secondsPaused - paused)
            return state.epochLogs
        } closing: {
            positionLogs(run.lastLearningRate)
        }
        try send(.checkpoint, state.epochLogs)
        try writeCheckpoints(at: .epoch)
        try checkInterrupts(at: .epoch)
    }

    /// Trains until the data, the plan or a callback end the epoch.
    /// - Returns: the rows trained on.
    private func trainBatches(_ session: any TrainingSession, hasMore: Bool) throws -> Int {
        var rows = 0
        while hasMore, !run.isStopping, !requests.endsEpoch, let size = try next(session) {
            rows += try trainBatch(session, size)
            if requests.forgetsBatch { forgetBatch(session) }
            if requests.validates || validatesAfterStep { try validate(withinEpoch: true) }
            requests.validates = false
            try writeCheckpoints(at: .batch)
            try checkInterrupts(at: .batch)
        }
        guard state.batch > 0 else { throw TrainingError(.invalidData, "the training data have no batches") }
        // Gradients still wait only where a callback or the user ended the epoch before their update came.
        if state.batchesAccumulated > 0 { discardGradients(session) }
        return rows
    }

    /// Fetches a batch. What goes wrong with it has its number, which the run has not come to yet.
    private func next(_ session: any TrainingSession) throws -> Int? {
        do {
            return try session.next()
        } catch let error as DataError where error.namesBatch {
            throw TrainingError(.stepFailed, "\(error)", underlying: error)
        } catch {
            let place = TrainingError.Place(epoch: state.epoch, batch: state.batch + 1)
            throw TrainingError.wrapping(error, as: .stepFailed, at: place)
        }
    }

    /// - Returns: the rows trained on, 0 where the batch was skipped.
    private func trainBatch(_ session: any TrainingSession, _ rows: Int) throws -> Int {
        state.batch += 1
        state.batchesSeen += 1
        requests.skip = false
        state.isStepComplete = false
        state.current = RunState.CurrentBatch(session: session, rows: rows, event: .trainBatchBegin)
        state.stepBeforeBatch = engine.step
        try bracket(.trainBatchBegin, .trainBatchEnd, deferredLogs(.trainBatchBegin)) {
            if !requests.skip {
                try session.run()
                state.current?.hasRun = true
                state.batchesTrained += 1
                state.isStepComplete = !splitsSteps
                if splitsSteps { state.batchesAccumulated += 1 }
            }
            if isUpdateDue(session) { try update(session) }
            return nil
        } closing: {
            deferredLogs(.trainBatchEnd)
        }
        return state.current?.hasRun == true ? rows : 0
    }

    /// A callback has gone back to before this batch.
    private func forgetBatch(_ session: any TrainingSession) {
        requests.forgetsBatch = false
        session.forgetLast()
        state.batchesTrained -= 1
        if state.batchesAccumulated > 0 { discardGradients(session) }
    }

    /// Whether the gradients that wait make an update now: there are as many as planned, or no batch of this epoch
    /// follows. The last update of an epoch thus belongs to a batch as every other does, and its listeners see it.
    private func isUpdateDue(_ session: any TrainingSession) -> Bool {
        guard state.batchesAccumulated > 0 else { return false }
        return state.batchesAccumulated >= state.activeAccumulate || run.isStopping || requests.endsEpoch
            || !session.hasNext()
    }

    private func discardGradients(_ session: any TrainingSession) {
        state.batchesAccumulated = 0
        session.discard()
    }

    /// Shows the gradients, then uses or drops them.
    private func update(_ session: any TrainingSession) throws {
        state.batchesAccumulated = 0
        requests.skip = false
        try send(.backwardEnd, deferredLogs(.backwardEnd))
        if requests.skip { session.discard() } else { try session.update() }
        state.isStepComplete = !requests.skip
        requests.skip = false
    }

    private var validatesAfterStep: Bool {
        guard validation != nil, engine.step > state.stepBeforeBatch, case .steps(let count) = options.validationEvery
        else {
            return false
        }
        return engine.step % count == 0
    }

    private var validatesAtEpochEnd: Bool {
        guard validation != nil, case .epochs(let count) = options.validationEvery, !state.isInterrupted else {
            return false
        }
        return state.epoch % count == 0 && requests.stop?.now != true
    }
}
