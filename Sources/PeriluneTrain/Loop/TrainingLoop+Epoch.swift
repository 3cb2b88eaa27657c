// One epoch: its batches, validation, and the logs of its end.
extension TrainingLoop {
    func epoch(_ session: any TrainingSession) throws {
        run.epoch += 1
        run.batch = 0
        run.batchesTrained = 0
        control.endsEpoch = false
        validated = nil
        session.resetMetrics()
        try epoch(session, continuedAfter: nil, hasMore: true)
    }

    /// An epoch from its beginning, or the rest of one.
    /// - Parameters:
    ///   - elapsed: the seconds that an epoch has taken already which a resumed run goes on with.
    ///   - hasMore: whether the data have batches left for it.
    func epoch(_ session: any TrainingSession, continuedAfter elapsed: Double?, hasMore: Bool) throws {
        let (began, paused) = (ContinuousClock.now - .waiting(elapsed ?? 0), run.secondsPaused)
        epochBegan = began
        epochLogs = positionLogs(run.lastLearningRate)
        try bracket(.epochBegin, .epochEnd, positionLogs(engine.optimizer.learningRate), hasBegun: elapsed != nil) {
            guard elapsed != nil || !run.isStopping && !control.endsEpoch else { return nil }
            let rows = try trainBatches(session, hasMore: hasMore)
            let trained = (ContinuousClock.now - began).inSeconds - (run.secondsPaused - paused)
            if validatesAtEpochEnd { try validate(withinEpoch: false) }
            epochLogs = metricLogs(session, rows: rows, trained: trained)
            epochLogs["epoch_seconds"] = (ContinuousClock.now - began).inSeconds - (run.secondsPaused - paused)
            return epochLogs
        } closing: {
            positionLogs(run.lastLearningRate)
        }
        try send(.checkpoint, epochLogs)
        try settle(at: .epoch)
        try checkInterrupts(at: .epoch)
    }

    /// Trains until the data, the plan or a callback end the epoch.
    /// - Returns: the rows trained on.
    private func trainBatches(_ session: any TrainingSession, hasMore: Bool) throws -> Int {
        var rows = 0
        while hasMore, !run.isStopping, !control.endsEpoch, let size = try session.next() {
            rows += try trainBatch(session, size)
            if run.forgetsBatch { forgetBatch(session) }
            if control.validates || validatesAfterStep { try validate(withinEpoch: true) }
            control.validates = false
            try settle(at: .batch)
            try checkInterrupts(at: .batch)
        }
        guard run.batch > 0 else { throw TrainingError(.invalidData, "the training data have no batches") }
        // Only what a callback or the user ended after a batch leaves gradients behind: their update never came.
        if waiting > 0 { discardGradients(session) }
        return rows
    }

    /// - Returns: the rows trained on, 0 where the batch was skipped.
    private func trainBatch(_ session: any TrainingSession, _ rows: Int) throws -> Int {
        run.batch += 1
        run.batchesSeen += 1
        control.skip = false
        run.isStepComplete = false
        current = CurrentBatch(session: session, rows: rows, event: .trainBatchBegin)
        stepBeforeBatch = engine.step
        try bracket(.trainBatchBegin, .trainBatchEnd, deferredLogs(.trainBatchBegin)) {
            if !control.skip {
                try session.run()
                current?.hasRun = true
                run.batchesTrained += 1
                run.isStepComplete = !splitsSteps
                if splitsSteps { waiting += 1 }
            }
            if isUpdateDue(session) { try update(session) }
            return nil
        } closing: {
            deferredLogs(.trainBatchEnd)
        }
        return current?.hasRun == true ? rows : 0
    }

    /// A callback has gone back to before this batch.
    private func forgetBatch(_ session: any TrainingSession) {
        run.forgetsBatch = false
        session.forgetLast()
        run.batchesTrained -= 1
        if waiting > 0 { discardGradients(session) }
    }

    /// Whether the gradients that wait make an update now: there are as many as planned, or no batch of this epoch
    /// follows. The last update of an epoch thus belongs to a batch as every other does, and its listeners see it.
    private func isUpdateDue(_ session: any TrainingSession) -> Bool {
        guard waiting > 0 else { return false }
        return waiting >= activeAccumulate || run.isStopping || control.endsEpoch || !session.hasNext()
    }

    private func discardGradients(_ session: any TrainingSession) {
        waiting = 0
        session.discard()
    }

    /// Shows the gradients, then uses or drops them.
    private func update(_ session: any TrainingSession) throws {
        waiting = 0
        control.skip = false
        try send(.backwardEnd, deferredLogs(.backwardEnd))
        if control.skip { session.discard() } else { try session.update() }
        run.isStepComplete = !control.skip
        control.skip = false
    }

    private var validatesAfterStep: Bool {
        guard validation != nil, engine.step > stepBeforeBatch, case .steps(let count) = options.validationEvery else {
            return false
        }
        return engine.step % count == 0
    }

    private var validatesAtEpochEnd: Bool {
        guard validation != nil, case .epochs(let count) = options.validationEvery, !control.isInterrupted else {
            return false
        }
        return run.epoch % count == 0 && run.pendingStop?.now != true
    }
}
