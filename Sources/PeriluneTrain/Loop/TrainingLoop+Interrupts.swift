import PeriluneProcess

// Where a run stands still: interruptions from outside, and pauses that were asked for.
extension TrainingLoop {
    /// What is to happen at a boundary to come.
    enum Pending {
        /// A question after so many training batches, or at the end of an epoch where there is no number.
        /// `forAttention`: the answer before was given to attention, so the question goes there too.
        case question(batches: Int?, forAttention: Bool)
        /// The run ends: it was aborted within a callback, whatever that made of the error.
        case abortion(TrainingError)
    }

    /// A boundary of the run: takes up what was asked for since the last one.
    func checkInterrupts(at moment: Interruption.Moment) throws {
        if Task.isCancelled, !run.isStopping { interrupts.request(.stop) }
        // In this order: what an answer asks for begins to count at the next boundary.
        if let pending { try take(pending, at: moment) }
        if !interrupts.requested.isEmpty { try takeInterrupts(at: moment) }
    }

    private func takeInterrupts(at moment: Interruption.Moment) throws {
        let requested = interrupts.requested
        guard requested.isDisjoint(with: [.stop, .prompt]) || !leavesToFit(moment) else { return }
        if requested.contains(.stop) {
            takeBack([.stop, .prompt])
            try ask(.stop, at: moment)
        } else if requested.contains(.prompt) {
            takeBack(.prompt)
            try ask(.prompt, at: moment)
        } else if options.onInterrupt != nil || options.attendant != nil {
            interrupts.clear(.attention)
            try ask(.attention, at: moment)
        }
    }

    /// A pass within a fit leaves the interruption that ends it for the fit to see, whatever a script makes of the
    /// error.
    private func takeBack(_ reasons: Interrupts.Reasons) {
        if !isWithinFit { interrupts.clear(reasons) }
    }

    private func take(_ pending: Pending, at moment: Interruption.Moment) throws {
        switch pending {
        case .abortion(let error): throw error
        case .question(let batches, let forAttention):
            guard !run.isStopping else { return }
            switch (moment, batches) {
            case (.batch, let count?) where count > 1:
                self.pending = .question(batches: count - 1, forAttention: forAttention)
            case (.batch, _?), (.epoch, nil):
                self.pending = nil
                try ask(.stepsDone(forAttention: forAttention), at: moment)
            case (.batch, nil), (.epoch, _?), (.testBatch, _), (.event, _): break
            }
        }
    }

    /// Asks what to do, and does it.
    /// - Throws: what the host's function throws, and the error of a run that is to end at once.
    func ask(_ cause: Interruption.Cause, at moment: Interruption.Moment) throws {
        let interruption = Interruption(run: run, cause: cause, moment: moment, logs: lastLogs(at: moment))
        guard !isAsking else { throw TrainingError(.noPrompt, "the run stands still at its prompt already") }
        isAsking = true
        let began = ContinuousClock.now
        defer {
            isAsking = false
            state.secondsPaused += (ContinuousClock.now - began).inSeconds
        }
        let answer = try answer(interruption)
        if answer == nil, let refusal = cause.refusal { throw refusal }
        switch answer ?? (cause.isAttention ? .resume : .stop) {
        // An answer from outside does not change what the terminal waits for.
        case .resume: if !cause.isAttention { pending = nil }
        case .step(let batches): pending = .question(batches: max(1, batches), forAttention: cause.isAttention)
        case .nextEpoch: pending = .question(batches: nil, forAttention: cause.isAttention)
        case .stop: try stop(at: moment)
        case .abort:
            let error = TrainingError(.aborted, "aborted at the prompt")
            pending = .abortion(error)
            throw error
        }
    }

    /// The attendant's answer where a client outside of the process asks, else the host's; nil where there is none.
    private func answer(_ interruption: Interruption) throws -> InterruptDecision? {
        if interruption.cause.isAttention, let attendant = options.attendant { return attendant.serve(interruption) }
        guard let ask = options.onInterrupt else { return nil }
        options.attendant?.fitStandsStill(at: interruption)
        defer { options.attendant?.fitStandsStill(at: nil) }
        return try ask(interruption)
    }

    /// Ends the run in order. Savers write the state from which it can go on as if nothing had happened: that of the
    /// boundary before the end.
    private func stop(at moment: Interruption.Moment) throws {
        pending = nil
        guard !leavesToFit(moment) else { return interrupts.request(.stop) }
        state.isInterrupted = true
        if run.isTraining {
            for saver in state.callbacks.savers { saver.notice(.interruption, in: run) }
            switch moment {
            case .batch: try writeCheckpoints(at: .batch)
            case .epoch: try writeCheckpoints(at: .epoch)
            case .testBatch, .event: break
            }
        }
        run.stop("interrupted", now: true)
    }

    /// Whether an interruption has to wait for the validation in progress to end: a checkpoint can be written before or
    /// after one, not within.
    private func leavesToFit(_ moment: Interruption.Moment) -> Bool {
        moment == .testBatch && run.isTraining && !state.callbacks.savers.isEmpty
    }

    /// The interruption ended a callback: the run is asked here and not at the next boundary.
    func endInterrupted(_ error: TrainingError, in event: Event) throws {
        let stops = interrupts.requested.contains(.stop)
        takeBack([.stop, .prompt])
        try ask(stops ? .stop : .callback(error), at: .event(event))
    }

    /// The numbers of what has just ended.
    private func lastLogs(at moment: Interruption.Moment) -> Logs {
        switch moment {
        case .epoch, .event(.epochEnd?), .event(.checkpoint?): return state.epochLogs.copy()
        case .batch, .testBatch, .event:
            guard state.current != nil else { return state.epochLogs.copy() }
            let logs = Logs()
            fill(logs)
            return logs
        }
    }
}

extension Interruption.Cause {
    /// Whether the question comes from outside of the process, and not from the run's own terminal.
    public var isAttention: Bool {
        switch self {
        case .attention, .stepsDone(forAttention: true): true
        case .stop, .prompt, .stepsDone(forAttention: false), .directive, .breakpoint, .callback: false
        }
    }

    /// The error where no one answers and going on would be wrong.
    fileprivate var refusal: TrainingError? {
        switch self {
        case .directive(let callback):
            TrainingError(.noPrompt, "'pause' \(TrainingError.needsPrompt)", at: .init(callback: callback))
        case .breakpoint: TrainingError(.noPrompt, "a breakpoint \(TrainingError.needsPrompt)")
        case .stop, .prompt, .attention, .stepsDone, .callback: nil
        }
    }
}

extension TrainingError {
    package static let needsPrompt = "opens the live prompt, which needs a terminal, and this program has none"
}
