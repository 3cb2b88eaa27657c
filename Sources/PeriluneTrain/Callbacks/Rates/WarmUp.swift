/// Raises the learning rate in a straight line to what it would be without a warm-up.
///
/// Step t of n, from 0, has `from + (1 − from)·t/n` of the rate, as PyTorch's `LinearLR`
/// (https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LinearLR.html). The rate may follow a schedule, and
/// other callbacks may change it in the meantime: what they set and scale is the rate without the warm-up.
public final class WarmUp: Callback {
    public let span: RateSpan
    /// The share of the rate that the first step has, 0 or more.
    public let from: Double
    private var total = 1
    /// Updates before the run.
    private var begun = 0

    /// - Throws: `TrainingError` for a value out of range.
    public init(_ span: RateSpan, from: Double = 0) throws(TrainingError) {
        try span.check(for: "warm_up")
        guard from.isFinite, from >= 0 else {
            throw TrainingError(.invalidOption, "warm_up: 'from' must be a finite number of 0 or more, got \(from)")
        }
        self.span = span
        self.from = from
    }
}

extension WarmUp {
    public var name: String { "warm_up" }

    public func listens(to event: Event) -> Bool {
        event == .trainBegin || event == .trainBatchBegin || event == .trainEnd
    }

    public func prepare(for run: Run) throws {
        guard run.isTraining else { return }
        begun = run.step
        total = try span.steps(in: run, for: name)
    }

    public func onTrainBegin(_ logs: Logs, _ run: Run) -> Directive? {
        set(run)
        return nil
    }

    public func onTrainBatchBegin(_ batch: Int, _ logs: Logs, _ run: Run) -> Directive? {
        set(run)
        return nil
    }

    /// A run that ends within its warm-up leaves the optimizer with its rate.
    public func onTrainEnd(_ logs: Logs, _ run: Run) -> Directive? {
        run.optimizer.warmth = 1
        return nil
    }

    /// What the rate is multiplied with after so many updates.
    func factor(after steps: Int) -> Double {
        steps >= total ? 1 : from + (1 - from) * Double(max(0, steps)) / Double(total)
    }

    private func set(_ run: Run) { run.optimizer.warmth = factor(after: run.step - begun) }

    public var report: [String: StateValue] { ["steps": .integer(total)] }

    public var savedState: StateValue { ["begun": .integer(begun)] }

    public func restore(_ state: StateValue, in run: Run) {
        begun = state["begun"]?.integer ?? begun
        set(run)
    }
}
