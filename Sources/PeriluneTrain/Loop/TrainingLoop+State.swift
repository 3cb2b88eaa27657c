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
            "boundary": .text(boundary.rawValue), "engine": try engine.captureState(in: memory), "run": runState,
            "begun": begun.stateValue, "history": run.history.stateValue, "callbacks": try callbacks.captureStates(),
            "metrics": current?.session.state ?? .null, "objective": objectiveState,
            "validated": validated.map { .init($0) } ?? .null, "epoch_logs": .init(epochLogs),
            "waiting": .integer(waiting), "ends_epoch": .boolean(control.endsEpoch && boundary == .batch),
        ]
    }

    private var runState: StateValue {
        var state: [String: StateValue] = [
            "epoch": .integer(run.epoch), "batch": .integer(run.batch), "batches_seen": .integer(run.batchesSeen),
            "batches_trained": .integer(run.batchesTrained), "evaluations": .integer(run.evaluationCount),
            "epochs": .integer(run.params.epochs), "batch_size": .integer(run.params.batchSize),
            "active_batch_size": .integer(activeBatchSize),
            "accumulate": .integer(run.params.accumulate), "active_accumulate": .integer(activeAccumulate),
            "elapsed": .number(run.elapsed),
            "epoch_elapsed": .number((ContinuousClock.now - epochBegan).inSeconds),
        ]
        // Whoever interrupts a run wants to go on with it later; what a callback stopped stays stopped.
        if let stop = run.pendingStop, !control.isInterrupted {
            state["stop"] = ["reason": stop.reason.map { .text($0) } ?? .null, "now": .boolean(stop.now)]
        }
        return .record(state)
    }

    /// Whether a run with these options can go on from `checkpoint`.
    /// - Throws: `CheckpointError.mismatch` that names the first difference.
    func check(_ checkpoint: Checkpoint) throws {
        let state = checkpoint.state
        try engine.check(state["engine"] ?? .null, path: checkpoint.path)
        guard let saved = RunPlan(state["begun"]) else {
            throw CheckpointError(.notWhole, "is damaged: it does not tell how its run began", path: checkpoint.path)
        }
        guard state["boundary"] == .text(Boundary.batch.rawValue) else { return }
        for (name, theirs, ours) in saved.differences(from: begun) {
            throw CheckpointError(
                .mismatch,
                "is from within epoch \(state["run"]?["epoch"]?.count ?? 0) of a run with '\(name)' \(theirs), this "
                    + "one has \(ours); that can change at the end of an epoch only", path: checkpoint.path)
        }
    }

    /// Goes to where `checkpoint` was written. What the user has set anew since then counts: see `RunPlan`.
    func restore(_ checkpoint: Checkpoint) throws {
        let state = checkpoint.state
        guard let saved = RunPlan(state["begun"]), let fields = state["run"],
            let settings = OptimizerSettings(state["engine"]?["settings"])
        else { throw CheckpointError(.notWhole, "is damaged: it lacks the state of its run", path: checkpoint.path) }
        try engine.restoreState(state["engine"] ?? .null, path: checkpoint.path)
        changes = engine.optimizer.restore(settings, begunWith: saved.optimizer, now: begun.optimizer)
        run.changes = changes
        func count(_ name: String) -> Int { fields[name]?.count ?? 0 }
        // What scripts may set, and to any number.
        func planned(_ name: String, _ other: Int = 0) -> Int { max(1, fields[name]?.integer ?? other) }
        (run.epoch, run.batch) = (count("epoch"), count("batch"))
        (run.batchesSeen, run.batchesTrained) = (count("batches_seen"), count("batches_trained"))
        run.evaluationCount = count("evaluations")
        if saved.epochs == begun.epochs {
            run.params.epochs = max(0, fields["epochs"]?.integer ?? 0)
        } else {
            changes.append("epochs")
        }
        if saved.batchSize == begun.batchSize { run.params.batchSize = planned("batch_size") }
        if saved.accumulate == begun.accumulate {
            run.params.accumulate = planned("accumulate", saved.accumulate)
        } else {
            changes.append("accumulate")
        }
        activeBatchSize = planned("active_batch_size")
        activeAccumulate = planned("active_accumulate", saved.accumulate)
        run.elapsedBefore = fields["elapsed"]?.seconds ?? 0
        run.history.restore(state["history"] ?? .null)
        validated = Logs(state["validated"])
        epochLogs = Logs(state["epoch_logs"]) ?? Logs()
        waiting = state["waiting"]?.count ?? 0
        control.endsEpoch = state["ends_epoch"]?.boolean ?? false
        if let stop = fields["stop"], saved.epochs == begun.epochs {
            run.pendingStop = Wish.Stop(reason: stop["reason"]?.text, now: stop["now"]?.boolean ?? false)
        }
        try callbacks.restoreStates(state["callbacks"] ?? .null, in: run)
    }
}
