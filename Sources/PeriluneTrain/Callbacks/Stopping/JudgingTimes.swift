/// When a callback with a monitor looks at its quantity: at the end of each n-th epoch and of validations, or, where the
/// quantity is one of training and steps were asked for, after every so many updates, at the mean of the batches since.
struct JudgingTimes {
    let every: Frequency
    private var window: StepWindow?

    /// - Throws: `TrainingError` in the name of `callback` for seconds, or a number below 1.
    init(_ every: Frequency, _ monitor: Monitor, for callback: String) throws(TrainingError) {
        try every.check(for: callback)
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

    func listens(to event: Event) -> Bool {
        isWithinEpochs ? event == .trainBatchEnd : event == .epochEnd || event == .testEnd
    }

    mutating func reset(for run: Run) { window?.reset(at: run.step) }

    /// The value to judge at `event`, which has to be one of those listened to; nil where there is none.
    mutating func value(of monitor: inout Monitor, at event: Event, _ logs: Logs, _ run: Run) -> Double? {
        guard window != nil else {
            if event == .epochEnd, case .epochs(let count) = every, run.epoch % count != 0 { return nil }
            return monitor.value(at: event, logs, run)
        }
        guard event == .trainBatchEnd, !run.isFailing else { return nil }
        return window?.add(logs[monitor.name], after: run.step)
    }

    /// So many judgements in words: `3 epochs`, `200 steps`.
    func text(_ count: Int) -> String {
        let (each, unit) =
            switch every {
            case .steps(let steps) where isWithinEpochs: (steps, "step")
            case .epochs(let epochs): (epochs, "epoch")
            case .steps, .seconds: (1, "validation")
            }
        let (total, _) = count.multipliedReportingOverflow(by: each)
        return "\(total) \(unit)\(total == 1 ? "" : "s")"
    }

    /// Where the run is, as judgements are named.
    func place(_ run: Run) -> String { isWithinEpochs ? "step \(run.step)" : "epoch \(run.epoch)" }

    var state: StateValue { window?.state ?? .null }

    mutating func restore(_ state: StateValue?) { window?.restore(state) }
}

/// The mean of a number over batches, due each time that so many updates have been done.
struct StepWindow {
    let steps: Int
    private var sum = 0.0
    private var count = 0
    /// Updates before the window.
    private var begun = 0

    init(steps: Int) { self.steps = steps }

    mutating func reset(at step: Int) { (sum, count, begun) = (0, 0, step) }

    /// Takes the number of a batch, nil where it has none.
    /// - Returns: the mean where the window is full; a new one begins then.
    mutating func add(_ value: Double?, after step: Int) -> Double? {
        if let value { (sum, count) = (sum + value, count + 1) }
        guard step - begun >= steps, count > 0 else { return nil }
        defer { reset(at: step) }
        return sum / Double(count)
    }

    var state: StateValue { ["sum": .number(sum), "count": .integer(count), "begun": .integer(begun)] }

    mutating func restore(_ state: StateValue?) {
        guard let state else { return }
        sum = state["sum"]?.number ?? 0
        count = max(0, state["count"]?.integer ?? 0)
        begun = max(0, state["begun"]?.integer ?? begun)
    }
}
