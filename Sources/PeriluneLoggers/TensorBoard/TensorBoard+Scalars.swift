public import PeriluneTrain

// What TensorBoard shows as curves.
extension TensorBoard {
    public func onEpochBegin(_ epoch: Int, _ logs: Logs, _ run: Run) -> Directive? {
        (epochBegan, stepAtEpochBegin) = (.now, run.step)
        return nil
    }

    public func onTrainBatchEnd(_ batch: Int, _ logs: Logs, _ run: Run) throws -> Directive? {
        guard case .steps(let count) = updateFrequency, run.isStepComplete, run.step % count == 0 else { return nil }
        var values: [SummaryValue] = []
        logs.forEach { name, value in
            guard !Self.isPosition(name), !name.hasPrefix("running_"), name != "lr" else { return }
            values.append(.init(tag: "batch_" + name, content: .scalar(value)))
        }
        if writesStepsPerSecond { values.append(rate("batch", since: lastWritten.time, from: lastWritten.step, run)) }
        lastWritten = (.now, run.step)
        try rule.attempt(run) { try files[.train]?.write(values, step: run.step) }
        return nil
    }

    public func onTestEnd(_ logs: Logs, _ run: Run) throws -> Directive? {
        guard run.isTraining, !run.isFailing else { return nil }
        var values: [SummaryValue] = []
        logs.forEach { values.append(.init(tag: "evaluation_\($0)_vs_iterations", content: .scalar($1))) }
        try rule.attempt(run) { try files[.validation]?.write(values, step: run.step) }
        return nil
    }

    public func onEpochEnd(_ epoch: Int, _ logs: Logs, _ run: Run) throws -> Directive? {
        guard !run.isFailing, run.batchesTrained > 0 else { return nil }
        var values: [Side: [SummaryValue]] = [:]
        logs.forEach { name, value in
            guard !Self.isPosition(name) else { return }
            let isValidation = run.hasValidation && name.hasPrefix("val_")
            let tag = name == "lr" ? "learning_rate" : isValidation ? String(name.dropFirst(4)) : name
            values[isValidation ? .validation : .train, default: []].append(
                .init(tag: "epoch_" + tag, content: .scalar(value)))
        }
        if writesStepsPerSecond {
            values[.train, default: []].append(rate("epoch", since: epochBegan, from: stepAtEpochBegin, run))
        }
        try rule.attempt(run) {
            for side in sides(run) { try files[side]?.write(values[side] ?? [], step: epoch) }
            try writeWeights(epoch, run)
        }
        return nil
    }

    private func rate(_ kind: String, since began: ContinuousClock.Instant, from step: Int, _ run: Run)
        -> SummaryValue
    {
        let seconds = (ContinuousClock.now - began).inSeconds
        return .init(
            tag: kind + "_steps_per_second",
            content: .scalar(seconds > 0 ? Double(run.step - step) / seconds : 0))
    }

    /// Numbers that say where or when, and not how well.
    private static func isPosition(_ name: String) -> Bool {
        switch name {
        case "epoch", "step", "size", "epoch_seconds", "samples_per_second": true
        case _: false
        }
    }
}
