public import PeriluneItems

/// Raises the learning rate in a straight line to what it would be without a warm-up.
///
/// Step t of n, from 0, has `from + (1 − from)·t/n` of the rate, as PyTorch's `LinearLR`
/// (https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LinearLR.html). The rate may follow a schedule,
/// and other callbacks may change it in the meantime: what they set and scale is the rate without the warm-up.
public final class WarmUp: Callback {
    public static let declaration = CallbackDeclaration(
        "warm_up", try WarmUp(.steps(1)),
        options: [
            .span(\.span),
            .optional(
                "from", \.from, .number(.atLeast(0)), "the share of the learning rate that it begins with"),
        ],
        help: """
            Raises the learning rate in a straight line to what it would be otherwise.
            A schedule is multiplied; what other callbacks set meanwhile is the rate without the warm-up.
            lune.warm_up { steps = 500 }
            """
    ) { options in
        guard let span = try options[\.span] else { throw options.fault("steps", "'steps' or 'epochs' expected") }
        return try WarmUp(span, from: options[\.from])
    }

    public var span: RateSpan? { clock.span }
    /// The share of the rate that the first step has, 0 or more.
    public let from: Double
    private var clock: RateClock
    /// What the rate was multiplied with last.
    private var factor = 1.0

    /// - Throws: `TrainingError` for a value out of range.
    public init(_ span: RateSpan, from: Double = 0) throws(TrainingError) {
        try span.check(for: "warm_up")
        try OptionCheck("warm_up").nonNegative("from", from)
        clock = RateClock(span)
        self.from = from
    }
}

extension WarmUp {
    public var name: String { "warm_up" }
    public var identity: CallbackIdentity {
        CallbackIdentity(kind: name, details: "\(span.map { "\($0)" } ?? "") \(from)")
    }

    public var events: EventSet { [.trainBegin, .trainBatchBegin, .trainEnd] }

    public func prepare(for run: Run) throws {
        try clock.prepare(for: run, name)
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
        run.optimizer.warmUpFactor = 1
        return nil
    }

    /// What the rate is multiplied with after so many updates.
    private func factor(after steps: Double) -> Double {
        let total = Double(clock.total)
        return steps >= total ? 1 : from + (1 - from) * max(0, steps) / total
    }

    private func set(_ run: Run) {
        factor = factor(after: clock.position(in: run))
        run.optimizer.warmUpFactor = factor
    }

    public var report: [String: StateValue] { ["steps": .integer(clock.total)] }

    public var savedState: StateValue { ["clock": clock.state, "factor": .number(factor)] }

    public func restore(_ state: StateValue, in run: Run) {
        clock.restore(state["clock"])
        // The next step has another; until then the logs tell this one.
        factor = state["factor"]?.number.flatMap { $0.isFinite && $0 >= 0 ? $0 : nil } ?? factor
        run.optimizer.warmUpFactor = factor
    }
}
