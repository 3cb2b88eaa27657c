import PeriluneGraph

/// Ends the run when a monitored quantity has stopped improving.
///
/// Semantics of Keras's `EarlyStopping` (https://keras.io/api/callbacks/early_stopping/) as of its pull request 23559:
/// patience counts epochs without improvement, and every improvement starts the count again. An epoch whose logs lack the
/// quantity does not count. Different from Keras: a NaN is never the best, and a misspelt monitor is found before the
/// first batch.
///
/// With `every` in steps a quantity of training is judged after every so many updates, on the mean of the batches since
/// the last time; patience then counts these judgements. Quantities of validation are judged at each validation.
public final class EarlyStopping: Callback {
    /// Judgements, usually epochs, without improvement after which the run ends; 0 and 1 both mean the first.
    public let patience: Int
    /// A value to beat. It is mentioned in the reason for stopping; it does not shorten the patience.
    public let baseline: Double?
    /// Whether to go back to the weights of the best judgement when the run ends in order, by whatever reason.
    public let restoresBestWeights: Bool
    /// Epochs at the start that are not judged.
    public let startFromEpoch: Int
    public let isVerbose: Bool

    public private(set) var monitor: Monitor
    /// Judgements since the last improvement.
    public private(set) var wait = 0
    /// The epoch with the best value, counted from 1; 0 where there is none yet.
    public private(set) var bestEpoch = 0
    /// The updates that had been done when the best value was judged.
    public private(set) var bestStep = 0
    /// The epoch at which the run was stopped; 0 where it was not.
    public private(set) var stoppedEpoch = 0
    /// The updates that had been done then.
    public private(set) var stoppedStep = 0
    private var times: JudgingTimes
    private var bestWeights: [Tensor]?

    /// - Parameter every: epochs or steps.
    /// - Throws: `TrainingError` for a negative patience or start, or a `minDelta` or baseline that is not finite.
    public init(
        monitor: String = "val_loss", minDelta: Double = 0, patience: Int = 0, verbose: Bool = false,
        mode: Monitor.Mode = .auto, baseline: Double? = nil, restoreBestWeights: Bool = false, startFromEpoch: Int = 0,
        every: Frequency = .epochs(1)
    ) throws(TrainingError) {
        func require(_ holds: Bool, _ name: String, _ rule: String, _ value: String) throws(TrainingError) {
            guard !holds else { return }
            throw TrainingError(.invalidOption, "early_stopping: '\(name)' must be \(rule), got \(value)")
        }
        try require(patience >= 0, "patience", "a whole number of 0 or more", "\(patience)")
        try require(startFromEpoch >= 0, "start_from_epoch", "a whole number of 0 or more", "\(startFromEpoch)")
        if let baseline { try require(baseline.isFinite, "baseline", "a finite number", "\(baseline)") }
        self.monitor = try Monitor(monitor, mode: mode, minDelta: minDelta, for: "early_stopping")
        times = try JudgingTimes(every, self.monitor, for: "early_stopping")
        self.patience = patience
        self.baseline = baseline
        restoresBestWeights = restoreBestWeights
        self.startFromEpoch = startFromEpoch
        isVerbose = verbose
    }
}

extension EarlyStopping {
    public var name: String { "early_stopping" }
    public var every: Frequency { times.every }

    public func listens(to event: Event) -> Bool { times.listens(to: event) || event == .trainEnd }

    public func prepare(for run: Run) throws {
        (wait, bestEpoch, bestStep, stoppedEpoch, stoppedStep, bestWeights) = (0, 0, 0, 0, 0, nil)
        guard run.isTraining else { return }
        try monitor.prepare(for: run)
        times.reset(for: run)
    }

    public func onTrainBatchEnd(_ batch: Int, _ logs: Logs, _ run: Run) throws -> Directive? {
        judge(times.value(of: &monitor, at: .trainBatchEnd, logs, run), run)
    }

    public func onEpochEnd(_ epoch: Int, _ logs: Logs, _ run: Run) throws -> Directive? {
        judge(times.value(of: &monitor, at: .epochEnd, logs, run), run)
    }

    public func onTestEnd(_ logs: Logs, _ run: Run) throws -> Directive? {
        judge(times.value(of: &monitor, at: .testEnd, logs, run), run)
    }

    private func judge(_ value: Double?, _ run: Run) -> Directive? {
        guard let value, run.epoch > startFromEpoch else { return nil }
        let hasJudged = wait > 0 || monitor.best != nil
        wait += 1
        if monitor.improves(value) {
            (wait, bestEpoch, bestStep) = (0, run.epoch, run.step)
            if restoresBestWeights {
                bestWeights = monitor.name.hasPrefix("val_") ? run.readValidatedWeights() : run.readWeights()
            }
            return nil
        }
        // One epoch is no basis for a decision, as in Keras; nor is one judgement within it.
        guard wait >= patience, run.epoch > 1 || times.isWithinEpochs && hasJudged else { return nil }
        (stoppedEpoch, stoppedStep) = (run.epoch, run.step)
        if isVerbose { run.say("\(times.place(run)): early stopping") }
        return .stop(reason)
    }

    /// The best judgement, as it is named.
    private var bestPlace: String { times.isWithinEpochs ? "at step \(bestStep)" : "in epoch \(bestEpoch)" }

    private var reason: String {
        var text = "\(monitor.name) has not improved for \(times.text(wait))"
        if let best = monitor.best { text += "; best \(best) \(bestPlace)" }
        if let baseline, !monitor.isBetter(monitor.best ?? .nan, than: baseline) {
            text += ", which does not beat the baseline \(baseline)"
        }
        return text
    }

    public func onTrainEnd(_ logs: Logs, _ run: Run) throws -> Directive? {
        defer { bestWeights = nil }
        guard run.endReason != .failed, let bestWeights else { return nil }
        if isVerbose {
            let place = times.isWithinEpochs ? "step, \(bestStep)" : "epoch, \(bestEpoch)"
            run.say("restoring the weights of the best \(place)")
        }
        try run.end(with: bestWeights)
        return nil
    }

    public var report: [String: StateValue] {
        [
            "best": monitor.best.map { .number($0) } ?? .null, "best_epoch": .integer(bestEpoch),
            "best_step": .integer(bestStep), "wait": .integer(wait), "stopped_epoch": .integer(stoppedEpoch),
            "stopped_step": .integer(stoppedStep), "monitor": .text(monitor.name), "patience": .integer(patience),
        ]
    }

    public var savedState: StateValue {
        [
            "wait": .integer(wait), "best_epoch": .integer(bestEpoch), "best_step": .integer(bestStep),
            "stopped_epoch": .integer(stoppedEpoch), "stopped_step": .integer(stoppedStep), "times": times.state,
            "monitor": monitor.state, "best_weights": bestWeights.map { .list($0.map { .tensor($0) }) } ?? .null,
        ]
    }

    public func restore(_ state: StateValue, in run: Run) {
        func count(_ name: String) -> Int { state[name]?.integer ?? 0 }
        (wait, bestEpoch, bestStep) = (count("wait"), count("best_epoch"), count("best_step"))
        (stoppedEpoch, stoppedStep) = (count("stopped_epoch"), count("stopped_step"))
        times.restore(state["times"])
        monitor.restore(state["monitor"])
        bestWeights = state["best_weights"]?.list?.compactMap(\.tensor)
    }
}
