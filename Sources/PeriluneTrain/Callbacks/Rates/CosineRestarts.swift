import PeriluneGraph

/// Lets the learning rate fall along half a cosine again and again: `CosineDecayRestarts` as a callback, from the rate
/// that the run begins with.
///
/// Sets the rate before each step. A learning rate that is given anew when the run is resumed takes the old one's place.
public final class CosineRestarts: Callback {
    /// How long the first fall takes.
    public let first: RateSpan
    public let tMul: Double
    public let mMul: Double
    public let alpha: Double
    /// Its values are shares of the rate.
    private var shares: CosineDecayRestarts?
    /// The rate at the beginning of the run.
    private var base = 0.0
    /// Updates before the run.
    private var begun = 0

    /// - Throws: `TrainingError` for a value out of range.
    public init(first: RateSpan, tMul: Double = 2, mMul: Double = 1, alpha: Double = 0) throws(TrainingError) {
        try first.check(for: "cosine_restarts")
        // Finds what is wrong with the numbers.
        _ = try CosineDecayRestarts(
            initial: 1, firstDecaySteps: 1, tMul: tMul, mMul: mMul, alpha: alpha, name: "cosine_restarts")
        self.first = first
        self.tMul = tMul
        self.mMul = mMul
        self.alpha = alpha
    }
}

extension CosineRestarts {
    public var name: String { "cosine_restarts" }

    public func listens(to event: Event) -> Bool { event == .trainBegin || event == .trainBatchBegin }

    public func prepare(for run: Run) throws {
        guard run.isTraining else { return }
        guard !run.optimizer.hasSchedule else {
            throw TrainingError(
                .invalidOption,
                "cosine_restarts: the optimizer follows a schedule already; give it a plain learning rate")
        }
        (begun, base) = (run.step, run.optimizer.fullLearningRate)
        shares = try CosineDecayRestarts(
            initial: 1, firstDecaySteps: first.steps(in: run, for: name), tMul: tMul, mMul: mMul, alpha: alpha,
            name: name)
    }

    public func onTrainBegin(_ logs: Logs, _ run: Run) throws -> Directive? { try set(run) }

    public func onTrainBatchBegin(_ batch: Int, _ logs: Logs, _ run: Run) throws -> Directive? { try set(run) }

    private func set(_ run: Run) throws -> Directive? {
        guard let shares else { return nil }
        let rate = base * shares.value(at: max(0, run.step - begun))
        guard rate.isFinite else {
            throw DirectiveError(key: "lr", "'m_mul' \(mMul) has made the learning rate \(rate)")
        }
        run.optimizer.setLearningRate(rate)
        return nil
    }

    public var savedState: StateValue { ["begun": .integer(begun), "base": .number(base)] }

    public func restore(_ state: StateValue, in run: Run) {
        begun = state["begun"]?.integer ?? begun
        let isGivenAnew = run.changes.contains("learning_rate")
        base = isGivenAnew ? run.optimizer.fullLearningRate : state["base"]?.number ?? base
    }
}
