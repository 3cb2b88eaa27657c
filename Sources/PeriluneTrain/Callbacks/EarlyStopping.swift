import PeriluneGraph

/// Ends the run when a monitored quantity has stopped improving.
///
/// Semantics of Keras's `EarlyStopping` (https://keras.io/api/callbacks/early_stopping/) as of its pull request 23559:
/// patience counts epochs without improvement, and every improvement starts the count again. An epoch whose logs lack the
/// quantity does not count. Different from Keras: a NaN is never the best, and a misspelt monitor is found before the
/// first batch.
public final class EarlyStopping: Callback {
    /// Epochs without improvement after which the run ends; 0 and 1 both mean the first.
    public let patience: Int
    /// A value to beat. It is mentioned in the reason for stopping; it does not shorten the patience.
    public let baseline: Double?
    /// Whether to go back to the weights of the best epoch when the run ends in order, by whatever reason.
    public let restoresBestWeights: Bool
    /// Epochs at the start that are not judged.
    public let startFromEpoch: Int
    public let isVerbose: Bool

    public private(set) var monitor: Monitor
    /// Epochs since the last improvement.
    public private(set) var wait = 0
    /// The epoch with the best value, counted from 1; 0 where there is none yet.
    public private(set) var bestEpoch = 0
    /// The epoch at which the run was stopped; 0 where it was not.
    public private(set) var stoppedEpoch = 0
    private var bestWeights: [Tensor]?

    /// - Throws: `TrainingError` for a negative patience or start, or a `minDelta` or baseline that is not finite.
    public init(
        monitor: String = "val_loss", minDelta: Double = 0, patience: Int = 0, verbose: Bool = false,
        mode: Monitor.Mode = .auto, baseline: Double? = nil, restoreBestWeights: Bool = false, startFromEpoch: Int = 0
    ) throws(TrainingError) {
        func require(_ holds: Bool, _ name: String, _ rule: String, _ value: String) throws(TrainingError) {
            guard !holds else { return }
            throw TrainingError(.invalidOption, "early_stopping: '\(name)' must be \(rule), got \(value)")
        }
        try require(patience >= 0, "patience", "a whole number of 0 or more", "\(patience)")
        try require(startFromEpoch >= 0, "start_from_epoch", "a whole number of 0 or more", "\(startFromEpoch)")
        if let baseline { try require(baseline.isFinite, "baseline", "a finite number", "\(baseline)") }
        self.monitor = try Monitor(monitor, mode: mode, minDelta: minDelta, for: "early_stopping")
        self.patience = patience
        self.baseline = baseline
        restoresBestWeights = restoreBestWeights
        self.startFromEpoch = startFromEpoch
        isVerbose = verbose
    }
}

extension EarlyStopping {
    public var name: String { "early_stopping" }

    public func listens(to event: Event) -> Bool { event == .epochEnd || event == .testEnd || event == .trainEnd }

    public func prepare(for run: Run) throws {
        (wait, bestEpoch, stoppedEpoch, bestWeights) = (0, 0, 0, nil)
        guard run.isTraining else { return }
        try monitor.prepare(for: run)
    }

    public func onEpochEnd(_ epoch: Int, _ logs: Logs, _ run: Run) throws -> Directive? {
        judge(monitor.value(at: .epochEnd, logs, run), run)
    }

    public func onTestEnd(_ logs: Logs, _ run: Run) throws -> Directive? {
        judge(monitor.value(at: .testEnd, logs, run), run)
    }

    private func judge(_ value: Double?, _ run: Run) -> Directive? {
        guard let value, run.epoch > startFromEpoch else { return nil }
        wait += 1
        if monitor.improves(value) {
            wait = 0
            bestEpoch = run.epoch
            if restoresBestWeights {
                bestWeights = monitor.name.hasPrefix("val_") ? run.readValidatedWeights() : run.readWeights()
            }
            return nil
        }
        // One epoch is no basis for a decision, as in Keras.
        guard wait >= patience, run.epoch > 1 else { return nil }
        stoppedEpoch = run.epoch
        if isVerbose { run.say("epoch \(run.epoch): early stopping") }
        return .stop(reason)
    }

    private var reason: String {
        var text = "\(monitor.name) has not improved for \(wait) epoch\(wait == 1 ? "" : "s")"
        if let best = monitor.best { text += "; best \(best) in epoch \(bestEpoch)" }
        if let baseline, !monitor.isBetter(monitor.best ?? .nan, than: baseline) {
            text += ", which does not beat the baseline \(baseline)"
        }
        return text
    }

    public func onTrainEnd(_ logs: Logs, _ run: Run) throws -> Directive? {
        defer { bestWeights = nil }
        guard run.endReason != .failed, let bestWeights else { return nil }
        if isVerbose { run.say("restoring the weights of the best epoch, \(bestEpoch)") }
        try run.writeWeights(bestWeights)
        return nil
    }

    public var report: [String: StateValue] {
        [
            "best": monitor.best.map { .number($0) } ?? .null, "best_epoch": .integer(bestEpoch),
            "wait": .integer(wait),
            "stopped_epoch": .integer(stoppedEpoch), "monitor": .text(monitor.name), "patience": .integer(patience),
        ]
    }

    public var savedState: StateValue {
        [
            "wait": .integer(wait), "best_epoch": .integer(bestEpoch), "stopped_epoch": .integer(stoppedEpoch),
            "monitor": monitor.state, "best_weights": bestWeights.map { .list($0.map { .tensor($0) }) } ?? .null,
        ]
    }

    public func restore(_ state: StateValue, in run: Run) {
        wait = state["wait"]?.integer ?? 0
        bestEpoch = state["best_epoch"]?.integer ?? 0
        stoppedEpoch = state["stopped_epoch"]?.integer ?? 0
        monitor.restore(state["monitor"])
        bestWeights = state["best_weights"]?.list?.compactMap(\.tensor)
    }
}
