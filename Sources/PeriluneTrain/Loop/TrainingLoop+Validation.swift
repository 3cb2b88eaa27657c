// Passes that do not train: validation within fit, evaluation and prediction.
extension TrainingLoop {
    /// Runs validation and keeps its numbers for the logs of the epoch.
    func validate(withinEpoch: Bool) throws {
        guard let validation else { return }
        state.isValidationWithinEpoch = withinEpoch
        let training = state.current
        defer {
            state.isValidationWithinEpoch = false
            state.current = training
        }
        state.validated = try test(validation, mostBatches: options.validationSteps)
    }

    /// Evaluates, with the test events.
    /// - Returns: the metrics by name, with what callbacks added. A stop leaves those of the batches so far.
    package func evaluate(_ session: any BatchSession) throws -> Logs {
        try runAlone {
            state.params.samples = session.rowCount
            return try test(session, mostBatches: options.validationSteps)
        }
    }

    /// Predicts, with the predict events; `collect` is called after each batch with its rows.
    package func predict(_ session: any BatchSession, collect: (_ rows: Int) throws -> Void) throws {
        try runAlone {
            state.params.samples = session.rowCount
            try pass(
                session, .predictBegin, .predictBatchBegin, .predictBatchEnd, .predictEnd,
                mostBatches: options.validationSteps, after: collect, result: { Logs() })
        }
    }

    private func test(_ session: any BatchSession, mostBatches: Int? = nil) throws -> Logs {
        state.evaluationCount += 1
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
        state.testBatch = 0
        try bracket(begin, end, Logs()) {
            guard try session.startEpoch(run.isTraining ? state.evaluationCount : 1) else { return result() }
            if !run.isTraining {
                state.params.steps = mostBatches.map { min($0, session.batchCount ?? $0) } ?? session.batchCount
            }
            while !endsPass, state.testBatch < mostBatches ?? .max, let rows = try session.next() {
                state.testBatch += 1
                state.current = RunState.CurrentBatch(session: session, rows: rows, event: batchBegin)
                try bracket(batchBegin, batchEnd, deferredLogs(batchBegin)) {
                    try session.run()
                    state.current?.hasRun = true
                    try after(rows)
                    return nil
                } closing: {
                    deferredLogs(batchEnd)
                }
                try checkInterrupts(at: .testBatch)
                if mostBatches == nil, session.batchCount == nil { remarkOnLength() }
            }
            return result()
        } closing: {
            Logs()
        }
    }

    /// A generator may never end: a long pass is not silent.
    private func remarkOnLength() {
        guard [100_000, 1_000_000, 10_000_000].contains(state.testBatch) else { return }
        run.say(
            "the generator has given \(state.testBatch) batches and has not ended; 'steps' says how many to take")
    }

    /// Within fit a stop lets validation finish unless it says now; elsewhere it ends the pass.
    private var endsPass: Bool {
        guard let stop = requests.stop else { return false }
        return !run.isTraining || stop.now
    }

    /// Runs evaluation or prediction as a run of its own.
    private func runAlone<Result>(_ body: () throws -> Result) throws -> Result {
        defer {
            batchLogs.release()
            state.current = nil
            run.isOver()
        }
        refreshCallbacks()
        try state.callbacks.begin(run)
        do {
            let result = try body()
            state.stopReason = requests.stop?.reason
            guard !state.isInterrupted else {
                state.endReason = .interrupted
                throw TrainingError(.interrupted, "interrupted after \(state.testBatch) batches")
            }
            state.endReason = requests.stop == nil ? .finished : .stopped
            return result
        } catch {
            guard state.endReason != .interrupted else { throw error }
            record(error, at: .testBegin)
            sendException()
            throw state.failure ?? error
        }
    }
}
