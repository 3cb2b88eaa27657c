public import PeriluneItems

/// Keeps the learning rate that each n-th step, or the last step of each n-th epoch, used, and writes the optimizer's
/// other hyper-parameters to the logs of epochs: `momentum`, `weight_decay` and so on, as far as they are in use. (The
/// learning rate is there anyway, as `lr`.)
///
/// `steps` and `learning_rates` in its report are two lists of one length, for a plot. They are part of checkpoints.
///
/// Cost: two numbers kept for each step that is recorded.
public final class LRMonitor: Callback {
    public static let declaration = CallbackDeclaration(
        "lr_monitor", try LRMonitor(), options: [.every(\.every)],
        help: """
            Keeps the learning rate: its steps and learning_rates are two lists, for a plot.
            Writes the other hyper-parameters to the logs of epochs.
            lune.lr_monitor { every = { steps = 10 } }
            """
    ) { try LRMonitor(every: $0[\.every]) }

    public let every: Frequency
    private var steps: [Int] = []
    private var rates: [Double] = []
    private var lastTaken = ContinuousClock.now

    /// - Throws: `TrainingError` for a frequency out of range.
    public init(every: Frequency = .epochs(1)) throws(TrainingError) {
        try every.check(for: "lr_monitor")
        self.every = every
    }
}

extension LRMonitor {
    public var name: String { "lr_monitor" }
    public var identity: CallbackIdentity { CallbackIdentity(kind: name, details: "\(every)") }

    public var events: EventSet { EventSet([.epochEnd]).adding([.trainBatchEnd], if: every.isWithinEpochs) }

    public func prepare(for run: Run) { (steps, rates, lastTaken) = ([], [], .now) }

    public func onTrainBatchEnd(_ batch: Int, _ logs: Logs, _ run: Run) -> Directive? {
        if every.isDue(after: run, since: lastTaken) { note(run) }
        return nil
    }

    public func onEpochEnd(_ epoch: Int, _ logs: Logs, _ run: Run) -> Directive? {
        guard !run.isFailing else { return nil }
        if every.isDue(atEndOf: epoch) { note(run) }
        for name in run.optimizer.names where name != "learning_rate" && logs[name] == nil {
            if let value = run.optimizer.value(of: name) { logs[name] = value }
        }
        return nil
    }

    private func note(_ run: Run) {
        lastTaken = .now
        steps.append(run.step)
        rates.append(run.lastLearningRate)
    }

    public var report: [String: StateValue] {
        ["steps": .list(steps.map { .integer($0) }), "learning_rates": .init(rates)]
    }

    public var savedState: StateValue { .record(report) }

    public func restore(_ state: StateValue, in run: Run) {
        steps = (state["steps"]?.list ?? []).compactMap(\.count)
        rates = state["learning_rates"]?.numbers ?? []
        let count = min(steps.count, rates.count)
        (steps, rates) = (Array(steps.prefix(count)), Array(rates.prefix(count)))
    }
}
