/// Ends the run when a monitored quantity has run away: beyond a fixed value, or far from its best so far.
///
/// With a factor f the limit lies `(f − 1)·|best|` from the best: f times a best loss of above 0. Where larger is better
/// it is `best / f`. A NaN or an infinite value counts as beyond it. The fixed form is Lightning's
/// `divergence_threshold` (https://lightning.ai/docs/pytorch/stable/api/lightning.pytorch.callbacks.EarlyStopping.html).
public final class DivergenceStopper: Callback {
    /// What is too far.
    public enum Limit: Hashable, Sendable {
        /// So many times worse than the best so far; above 1.
        case factor(Double)
        /// Worse than this value.
        case threshold(Double)
    }

    public let limit: Limit
    /// Judgements beyond the limit, one after the other, after which the run ends; 0 and 1 both mean the first.
    public let patience: Int
    public let isVerbose: Bool

    public private(set) var monitor: Monitor
    /// Judgements beyond the limit since the last one within it.
    public private(set) var wait = 0
    /// The epoch at which the run was stopped; 0 where it was not.
    public private(set) var stoppedEpoch = 0
    private var times: JudgingTimes

    /// - Throws: `TrainingError` for a factor of 1 or less, a threshold that is not finite, or a negative patience.
    public init(
        monitor: String = "loss", _ limit: Limit, patience: Int = 1, mode: Monitor.Mode = .auto,
        every: Frequency = .epochs(1), verbose: Bool = false
    ) throws(TrainingError) {
        func require(_ holds: Bool, _ name: String, _ rule: String, _ value: some Any) throws(TrainingError) {
            guard !holds else { return }
            throw TrainingError(.invalidOption, "divergence_stopper: '\(name)' must be \(rule), got \(value)")
        }
        switch limit {
        case .factor(let factor):
            try require(factor.isFinite && factor > 1, "factor", "a finite number above 1", factor)
        case .threshold(let value): try require(value.isFinite, "threshold", "a finite number", value)
        }
        try require(patience >= 0, "patience", "a whole number of 0 or more", patience)
        self.monitor = try Monitor(monitor, mode: mode, for: "divergence_stopper")
        times = try JudgingTimes(every, self.monitor, for: "divergence_stopper")
        self.limit = limit
        self.patience = patience
        isVerbose = verbose
    }
}

extension DivergenceStopper {
    public var name: String { "divergence_stopper" }

    public func listens(to event: Event) -> Bool { times.listens(to: event) }

    public func prepare(for run: Run) throws {
        (wait, stoppedEpoch) = (0, 0)
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
        guard let value else { return nil }
        let bound = bound
        // An infinity would be a best that nothing comes near.
        if value.isFinite { _ = monitor.improves(value) }
        guard !value.isFinite || bound.map({ !monitor.reaches(value, $0) }) ?? false else {
            wait = 0
            return nil
        }
        wait += 1
        guard wait >= patience else { return nil }
        stoppedEpoch = run.epoch
        let beyond = bound.map { " is beyond \($0)" } ?? ""
        let reason = "\(monitor.name) has diverged: \(value)\(beyond) at \(times.place(run))"
        if isVerbose { run.say("divergence_stopper: \(reason)") }
        return .stop(reason)
    }

    /// The last value that is within the limit; nil where there is no best yet.
    private var bound: Double? {
        switch limit {
        case .threshold(let value): return value
        case .factor(let factor):
            guard let best = monitor.best else { return nil }
            switch monitor.direction {
            case .min: return best + (factor - 1) * abs(best)
            case .max: return best - (1 - 1 / factor) * abs(best)
            }
        }
    }

    public var report: [String: StateValue] {
        [
            "best": monitor.best.map { .number($0) } ?? .null, "monitor": .text(monitor.name), "wait": .integer(wait),
            "stopped_epoch": .integer(stoppedEpoch), "patience": .integer(patience),
        ]
    }

    public var savedState: StateValue {
        [
            "monitor": monitor.state, "wait": .integer(wait), "stopped_epoch": .integer(stoppedEpoch),
            "times": times.state,
        ]
    }

    public func restore(_ state: StateValue, in run: Run) {
        monitor.restore(state["monitor"])
        wait = state["wait"]?.integer ?? 0
        stoppedEpoch = state["stopped_epoch"]?.integer ?? 0
        times.restore(state["times"])
    }
}
