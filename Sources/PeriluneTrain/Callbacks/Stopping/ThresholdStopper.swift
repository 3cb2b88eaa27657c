/// Ends the run when a monitored quantity has reached a value, or, with `byEpoch`, when it has not by that epoch.
///
/// The first spares epochs that are not needed, the second a run that leads nowhere. Both look at the end of epochs and of
/// validations, or every few updates, as `EarlyStopping` does.
public final class ThresholdStopper: Callback {
    /// The value to reach: at most this where smaller is better, at least this where larger is.
    public let threshold: Double
    /// The epoch, from 1, at whose end the run is stopped if the value has not been reached; nil: none.
    public let byEpoch: Int?
    public let isVerbose: Bool

    public private(set) var monitor: Monitor
    /// The epoch in which the value was reached; 0 where it was not.
    public private(set) var reachedEpoch = 0
    private var times: JudgingTimes

    /// - Throws: `TrainingError` for a threshold that is not finite, or an epoch below 1.
    public init(
        monitor: String = "val_loss", threshold: Double, mode: Monitor.Mode = .auto, byEpoch: Int? = nil,
        every: Frequency = .epochs(1), verbose: Bool = false
    ) throws(TrainingError) {
        guard threshold.isFinite else {
            throw TrainingError(
                .invalidOption, "threshold_stopper: 'threshold' must be a finite number, got \(threshold)")
        }
        if let byEpoch, byEpoch < 1 {
            throw TrainingError(
                .invalidOption, "threshold_stopper: 'by_epoch' must be a whole number of 1 or more, got \(byEpoch)")
        }
        self.monitor = try Monitor(monitor, mode: mode, for: "threshold_stopper")
        times = try JudgingTimes(every, self.monitor, for: "threshold_stopper")
        self.threshold = threshold
        self.byEpoch = byEpoch
        isVerbose = verbose
    }
}

extension ThresholdStopper {
    public var name: String { "threshold_stopper" }

    public func listens(to event: Event) -> Bool {
        times.listens(to: event) || byEpoch != nil && event == .epochEnd
    }

    public func prepare(for run: Run) throws {
        reachedEpoch = 0
        guard run.isTraining else { return }
        try monitor.prepare(for: run)
        times.reset(for: run)
    }

    public func onTrainBatchEnd(_ batch: Int, _ logs: Logs, _ run: Run) throws -> Directive? {
        judge(times.value(of: &monitor, at: .trainBatchEnd, logs, run), run)
    }

    public func onTestEnd(_ logs: Logs, _ run: Run) throws -> Directive? {
        judge(times.value(of: &monitor, at: .testEnd, logs, run), run)
    }

    public func onEpochEnd(_ epoch: Int, _ logs: Logs, _ run: Run) throws -> Directive? {
        if let directive = judge(times.value(of: &monitor, at: .epochEnd, logs, run), run) { return directive }
        guard let byEpoch, reachedEpoch == 0, epoch >= byEpoch, !run.isFailing else { return nil }
        let best = monitor.best.map { "; best \($0)" } ?? ""
        return stop("\(monitor.name) has not reached \(threshold) by epoch \(byEpoch)\(best)", run)
    }

    private func judge(_ value: Double?, _ run: Run) -> Directive? {
        guard let value else { return nil }
        _ = monitor.improves(value)
        guard monitor.reaches(value, threshold) else { return nil }
        if reachedEpoch == 0 { reachedEpoch = run.epoch }
        return stop("\(monitor.name) has reached \(threshold): \(value) at \(times.place(run))", run)
    }

    private func stop(_ reason: String, _ run: Run) -> Directive {
        if isVerbose { run.say("threshold_stopper: \(reason)") }
        return .stop(reason)
    }

    public var report: [String: StateValue] {
        [
            "best": monitor.best.map { .number($0) } ?? .null, "monitor": .text(monitor.name),
            "threshold": .number(threshold), "reached": .boolean(reachedEpoch > 0),
            "reached_epoch": .integer(reachedEpoch),
        ]
    }

    public var savedState: StateValue {
        ["monitor": monitor.state, "reached_epoch": .integer(reachedEpoch), "times": times.state]
    }

    public func restore(_ state: StateValue, in run: Run) {
        monitor.restore(state["monitor"])
        reachedEpoch = state["reached_epoch"]?.integer ?? 0
        times.restore(state["times"])
    }
}
