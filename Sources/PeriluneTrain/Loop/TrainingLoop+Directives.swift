// The one place where callbacks are asked and what they want is done.
extension TrainingLoop {
    func send(_ event: Event, _ logs: Logs) throws {
        guard hasListeners(event) else { return }
        let outer = run.event
        run.event = event
        run.eventNumber += 1
        defer { run.event = outer }
        let merger = try callbacks.send(EventContext(event: event, logs: logs, run: run, message: ""))
        // A run that is being closed down is not steered any more.
        guard let merger, run.endReason == nil else { return }
        try apply(merger, at: event)
        if let error = merger.interruption { return try arrive(error, in: event) }
        if merger.merged.pause { try pause(merger.pausing, at: event) }
    }

    /// A callback wants to pause.
    private func pause(_ callback: String, at event: Event) throws {
        do {
            try ask(.directive(callback: callback), at: .event(event))
        } catch let error as TrainingError where error.code == .noPrompt {
            let context = EventContext(event: event, logs: Logs(), run: run, message: "")
            throw TrainingError.wrapping(error, at: context, callback: callback)
        }
    }

    private func apply(_ merger: DirectiveMerger, at event: Event) throws {
        for remark in merger.remarks { run.say("\(event): \(remark)") }
        let directive = merger.merged
        if let stop = directive.stop { run.stop(stop.reason, now: stop.now) }
        for setting in directive.hyperparameters {
            if setting.name == "learning_rate", engine.optimizer.hasSchedule {
                run.say("\(event): the learning rate \(setting.value) replaces the schedule")
            }
            try engine.optimizer.set(setting.name, setting.value)
        }
        if let factor = directive.learningRateScale { try engine.optimizer.scaleLearningRate(by: factor) }
        for pattern in directive.freeze { engine.setFrozen(true, layersMatching: pattern) }
        for pattern in directive.unfreeze { engine.setFrozen(false, layersMatching: pattern) }
        if let epochs = directive.epochs { run.params.epochs = epochs }
        if let batchSize = directive.batchSize { run.params.batchSize = batchSize }
        if let accumulate = directive.accumulate { run.params.accumulate = accumulate }
        control.saves += directive.save
        control.restores = directive.restore ?? control.restores
        control.skip = control.skip || directive.skip
        control.endsEpoch = control.endsEpoch || directive.endEpoch
        if directive.validate { try requestValidation(at: event) }
    }

    /// Between batches validation runs at once; within a batch, when it has ended.
    private func requestValidation(at event: Event) throws {
        switch event.traits.validation {
        case .atOnce: try validate(withinEpoch: true)
        case .afterBatch: control.validates = true
        case .never: break
        }
    }
}
