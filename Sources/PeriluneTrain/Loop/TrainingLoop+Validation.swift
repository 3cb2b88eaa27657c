// Passes that do not train: validation within fit, evaluation and prediction.
extension TrainingLoop {
    /// Runs validation and keeps its numbers for the logs of the epoch.
    func validate(withinEpoch: Bool) throws {
        guard let validation else { return }
        run.isValidationWithinEpoch = withinEpoch
        let training = current
        defer {
            run.isValidationWithinEpoch = false
            current = training
        }
        validated = try test(validation, mostBatches: options.validationSteps)
    }

    /// Evaluates, with the test events.
    /// - Returns: the metrics by name, with what callbacks added. A stop leaves those of the batches so far.
    package func evaluate(_ session: any BatchSession) throws -> Logs {
        try runAlone {
            run.params.samples = session.rowCount
            return try test(session)
        }
    }

    /// Predicts, with the predict events; `collect` is called after each batch with its rows.
    package func predict(_ session: any BatchSession, collect: (_ rows: Int) throws -> Void) throws {
        try runAlone {
            run.params.samples = session.rowCount
            try pass(
                session, .predictBegin, .predictBatchBegin, .predictBatchEnd, .predictEnd,
                after: collect, result: { Logs() })
        }
    }

    private func test(_ session: any BatchSession, mostBatches: Int? = nil) throws -> Logs {
        run.evaluationCount += 1
        var logs = Logs()
        session.resetMetrics()
        try pass(
            session, .testBegin, .testBatchBegin, .testBatchEnd, .testEnd, mostBatches: mostBatches, after: { _ in }
        ) {
            logs = Logs()
            for (index, metric) in engine.metrics.enumerated() { logs[metric.name] = session.runningValue(index) }
            return logs
        }
        return logs
    }

    private func pass(
        _ session: any BatchSession, _ begin: Event, _ batchBegin: Event, _ batchEnd: Event, _ end: Event,
        mostBatches: Int? = nil, after: (Int) throws -> Void, result: () -> Logs
    ) throws {
        run.testBatch = 0
        try bracket(begin, end, Logs()) {
            guard try session.startEpoch(run.isTraining ? run.evaluationCount : 1) else { return result() }
            if !run.isTraining { run.params.steps = session.batchCount }
            while !endsPass, run.testBatch < mostBatches ?? .max, let rows = try session.next() {
                run.testBatch += 1
                current = CurrentBatch(session: session, rows: rows, event: batchBegin)
                try bracket(batchBegin, batchEnd, deferredLogs(batchBegin)) {
                    try session.run()
                    current?.hasRun = true
                    try after(rows)
                    return nil
                } closing: {
                    deferredLogs(batchEnd)
                }
                try checkInterrupts(at: .testBatch)
            }
            return result()
        } closing: {
            Logs()
        }
    }

    /// Within fit a stop lets validation finish unless it says now; elsewhere it ends the pass.
    private var endsPass: Bool {
        guard let stop = run.pendingStop else { return false }
        return !run.isTraining || stop.now
    }

    /// Runs evaluation or prediction as a run of its own.
    private func runAlone<Result>(_ body: () throws -> Result) throws -> Result {
        defer {
            batchLogs.release()
            current = nil
            run.isOver()
        }
        refreshCallbacks()
        try callbacks.begin(run)
        do {
            let result = try body()
            run.stopReason = run.pendingStop?.reason
            guard !control.isInterrupted else {
                run.endReason = .interrupted
                throw TrainingError(.interrupted, "interrupted after \(run.testBatch) batches")
            }
            run.endReason = run.pendingStop == nil ? .finished : .stopped
            return result
        } catch {
            guard run.endReason != .interrupted else { throw error }
            record(error, at: .testBegin)
            sendException()
            throw run.failure ?? error
        }
    }
}
