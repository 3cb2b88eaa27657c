/// A quantity with a monitor, and when it is looked at: at the end of each n-th epoch and of validations, or, where it
/// is one of training and steps were asked for, after every so many updates, at the mean of the batches since.
struct JudgedQuantity {
    var monitor: Monitor
    let every: Frequency
    private var window: StepWindow?

    /// - Throws: `TrainingError` in the name of `callback` for seconds, a number below 1, or a `minDelta` that is not
    ///   finite.
    init(
        _ name: String, mode: Monitor.Mode, minDelta: Double = 0, every: Frequency, for callback: String
    ) throws(TrainingError) {
        try every.check(for: callback)
        monitor = try Monitor(name, mode: mode, minDelta: minDelta, for: callback)
        self.every = every
        switch every {
        case .epochs: break
        case .steps(let steps): if !monitor.isOfValidation { window = StepWindow(steps: steps) }
        case .seconds:
            throw TrainingError(.invalidOption, "\(callback): 'every' must be epochs or { steps = n }, got seconds")
        }
    }

    /// Whether batches are looked at.
    var isWithinEpochs: Bool { window != nil }

    var events: EventSet { isWithinEpochs ? [.trainBatchEnd] : [.epochEnd, .testEnd] }

    /// Forgets earlier runs.
    /// - Parameter best: the value to beat from the start; nil for none.
    /// - Throws: `TrainingError` where the quantity, or which way it gets better, is unknown.
    mutating func prepare(for run: Run, best: Double? = nil) throws(TrainingError) {
        try monitor.prepare(for: run, initial: best)
        window?.reset(at: run.step)
    }

    /// The value to judge at an event, nil where there is none.
    mutating func value(at event: Event, _ context: EventContext) -> Double? {
        let (logs, run) = (context.logs, context.run)
        guard events.contains(event) else { return nil }
        guard window != nil else {
            if event == .epochEnd, case .epochs(let count) = every, run.epoch % count != 0 { return nil }
            return monitor.value(at: event, logs, run)
        }
        guard event == .trainBatchEnd, !run.isFailing else { return nil }
        return window?.add(logs[monitor.name], after: run.step)
    }

    /// So many judgements in words: `3 epochs`, `200 steps`.
    /// - Parameter epochs: how many epochs they took. Validations need not come once in each.
    func text(_ count: Int, over epochs: Int) -> String {
        let (each, unit) =
            switch every {
            case .steps(let steps) where isWithinEpochs: (steps, "step")
            case .epochs(let each)
            where !monitor.isOfValidation || count.multipliedReportingOverflow(by: each) == (epochs, false):
                (each, "epoch")
            case .epochs, .steps, .seconds: (1, "validation")
            }
        let (total, _) = count.multipliedReportingOverflow(by: each)
        return "\(total) \(unit)\(total == 1 ? "" : "s")"
    }

    /// Where the run is, as judgements are named.
    func place(_ run: Run) -> String { isWithinEpochs ? "step \(run.step)" : "epoch \(run.epoch)" }

    /// What tells a callback with this quantity from others of its kind.
    func identity(_ kind: String, _ details: String) -> CallbackIdentity {
        monitor.identity(kind, "\(every) \(details)")
    }

    var state: StateValue { ["monitor": monitor.state, "window": window?.state ?? .null] }

    /// Whether a state is one of the same quantity. One of another is not restored, and the run says so.
    func isGoingOn(with state: StateValue?, for callback: String, in run: Run) -> Bool {
        monitor.isGoingOn(with: state?["monitor"], for: callback, in: run)
    }

    mutating func restore(_ state: StateValue?) {
        monitor.restore(state?["monitor"])
        window?.restore(state?["window"])
    }
}
