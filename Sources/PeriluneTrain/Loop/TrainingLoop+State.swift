// What a checkpoint keeps of a run, and going on from it.
extension TrainingLoop {
    /// A place in a run at which nothing is half done.
    enum Boundary: String {
        /// Between two batches of an epoch.
        case batch
        /// After an epoch, its validation, its end and what callbacks wanted then.
        case epoch
    }

    /// Everything that the run needs to go on from here.
    ///
    /// - Parameter memory: where its variables are copied to.
    /// - Throws: where the state of a callback cannot be kept.
    func capture(at boundary: Boundary, in memory: CopyMemory?) throws -> StateValue {
        [
            "boundary": .text(boundary.rawValue), "engine": try engine.captureState(in: memory), "run": fields,
            "begun": state.begun.stateValue, "history": run.history.stateValue,
            "callbacks": try state.callbacks.captureStates(),
            "metrics": state.current?.session.state ?? .null, "objective": objectiveState,
            "validated": state.validated.map { .init($0) } ?? .null, "epoch_logs": .init(state.epochLogs),
            "waiting": .integer(state.batchesAccumulated),
            "ends_epoch": .boolean(requests.endsEpoch && boundary == .batch),
        ]
    }

    private var fields: StateValue {
        var fields: [String: StateValue] = [
            "epoch": .integer(state.epoch), "batch": .integer(state.batch), "batches_seen": .integer(state.batchesSeen),
            "batches_trained": .integer(state.batchesTrained), "evaluations": .integer(state.evaluationCount),
            "epochs": .integer(state.params.epochs), "batch_size": .integer(state.params.batchSize),
            "active_batch_size": .integer(state.activeBatchSize),
            "accumulate": .integer(state.params.accumulate), "active_accumulate": .integer(state.activeAccumulate),
            "elapsed": .number(run.elapsed),
            "epoch_elapsed": .number((ContinuousClock.now - state.epochBegan).inSeconds),
        ]
        // A user who interrupts a run wants to go on with it later; what a callback stopped stays stopped.
        if let stop = requests.stop, !state.isInterrupted {
            fields["stop"] = ["reason": stop.reason.map { .text($0) } ?? .null, "now": .boolean(stop.now)]
        }
        return .record(fields)
    }

    /// Whether a run with these options can go on from `checkpoint`.
    /// - Throws: `CheckpointError.mismatch` that names the first difference.
    func check(_ checkpoint: Checkpoint) throws {
        let kept = checkpoint.state
        try engine.check(kept["engine"] ?? .null, path: checkpoint.path)
        guard let saved = RunPlan(kept["begun"]) else {
            throw CheckpointError(.notWhole, "is damaged: it does not tell how its run began", path: checkpoint.path)
        }
        guard kept["boundary"] == .text(Boundary.batch.rawValue) else { return }
        for (name, theirs, ours) in saved.differences(from: state.begun) {
            throw CheckpointError(
                .mismatch,
                "is from within epoch \(kept["run"]?["epoch"]?.count ?? 0) of a run with '\(name)' \(theirs), this "
                    + "one has \(ours); that can change at the end of an epoch only", path: checkpoint.path)
        }
    }

    /// Goes to where `checkpoint` was written. What the user has set anew since then counts: see `RunPlan`.
    func restore(_ checkpoint: Checkpoint) throws {
        let kept = checkpoint.state
        guard let saved = RunPlan(kept["begun"]), let fields = kept["run"],
            let settings = OptimizerSettings(kept["engine"]?["settings"])
        else { throw CheckpointError(.notWhole, "is damaged: it lacks the state of its run", path: checkpoint.path) }
        try engine.restoreState(kept["engine"] ?? .null, path: checkpoint.path)
        state.changes = engine.optimizer.restore(settings, begunWith: saved.optimizer, now: state.begun.optimizer)
        func count(_ name: String) -> Int { fields[name]?.count ?? 0 }
        // What scripts may set, and to any number.
        func planned(_ name: String, _ other: Int = 0) -> Int { max(1, fields[name]?.integer ?? other) }
        (state.epoch, state.batch) = (count("epoch"), count("batch"))
        (state.batchesSeen, state.batchesTrained) = (count("batches_seen"), count("batches_trained"))
        state.evaluationCount = count("evaluations")
        if saved.epochs == state.begun.epochs {
            state.params.epochs = max(0, fields["epochs"]?.integer ?? 0)
        } else {
            state.changes.append("epochs")
        }
        if saved.batchSize == state.begun.batchSize { state.params.batchSize = planned("batch_size") }
        if saved.accumulate == state.begun.accumulate {
            state.params.accumulate = planned("accumulate", saved.accumulate)
        } else {
            state.changes.append("accumulate")
        }
        state.activeBatchSize = planned("active_batch_size")
        state.activeAccumulate = planned("active_accumulate", saved.accumulate)
        state.elapsedBefore = fields["elapsed"]?.seconds ?? 0
        run.recorder.history = History(kept["history"] ?? .null)
        state.validated = Logs(kept["validated"])
        state.epochLogs = Logs(kept["epoch_logs"]) ?? Logs()
        state.batchesAccumulated = kept["waiting"]?.count ?? 0
        requests.endsEpoch = kept["ends_epoch"]?.boolean ?? false
        if let stop = fields["stop"], saved.epochs == state.begun.epochs {
            requests.stop = Wish.Stop(reason: stop["reason"]?.text, now: stop["now"]?.boolean ?? false)
        }
        try state.callbacks.restoreStates(kept["callbacks"] ?? .null, in: run)
    }
}
