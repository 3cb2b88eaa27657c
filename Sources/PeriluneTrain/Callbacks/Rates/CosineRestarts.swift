import PeriluneGraph
public import PeriluneItems

/// Lets the learning rate fall along half a cosine again and again: `CosineDecayRestarts` as a callback, from the rate
/// that the run begins with.
///
/// Sets the rate before each step. What other callbacks do to the rate multiplies what comes after. A learning rate
/// that is given anew when the run is resumed takes the old one's place.
public final class CosineRestarts: Callback {
    public static let declaration = CallbackDeclaration(
        "cosine_restarts", try CosineRestarts(first: .steps(1)),
        options: [
            .required(
                "first", \.first, .span, aliases: ["first_decay_steps"],
                "how long the first fall takes: steps, or { epochs = n }"),
            .optional("t_mul", \.tMul, .number(.atLeast(1)), "each fall takes so many times as long"),
            .optional("m_mul", \.mMul, .number(.atLeast(0)), "each fall begins so many times as high"),
            .optional("alpha", \.alpha, .number(.atLeast(0)), "the least rate as a share of the first"),
        ],
        help: """
            Lets the learning rate fall along half a cosine, again and again. Keras's CosineDecayRestarts.
            What other callbacks do to the rate multiplies what comes after. The optimizer has a plain learning rate, \
            and no schedule.
            lune.cosine_restarts { first = { epochs = 5 }, t_mul = 2 }
            """
    ) { try CosineRestarts(first: $0[\.first], tMul: $0[\.tMul], mMul: $0[\.mMul], alpha: $0[\.alpha]) }

    /// How long the first fall takes.
    public let first: RateSpan
    public let tMul: Double
    public let mMul: Double
    public let alpha: Double
    /// Its values are shares of the rate.
    private var shares: CosineDecayRestarts?
    /// The rate at the beginning of the run.
    private var base = 0.0
    private var clock: RateClock
    private var hold = RateHold()

    /// - Throws: `TrainingError` for a value out of range.
    public init(first: RateSpan, tMul: Double = 2, mMul: Double = 1, alpha: Double = 0) throws(TrainingError) {
        try first.check(for: "cosine_restarts")
        // Finds what is wrong with the numbers.
        _ = try CosineDecayRestarts(
            initial: 1, firstDecaySteps: 1, tMul: tMul, mMul: mMul, alpha: alpha, name: "cosine_restarts")
        self.first = first
        clock = RateClock(first)
        self.tMul = tMul
        self.mMul = mMul
        self.alpha = alpha
    }
}

extension CosineRestarts {
    public var name: String { "cosine_restarts" }
    public var identity: CallbackIdentity { CallbackIdentity(kind: name, details: "\(first) \(tMul) \(mMul) \(alpha)") }
    public var roles: [CallbackRole] { [.holdsRate(self)] }

    public var events: EventSet { [.trainBegin, .trainBatchBegin] }

    public func prepare(for run: Run) throws {
        try hold.prepare(for: run, self)
        try clock.prepare(for: run, name)
        base = run.optimizer.fullLearningRate
        shares = try CosineDecayRestarts(
            initial: 1, firstDecaySteps: clock.total, tMul: tMul, mMul: mMul, alpha: alpha,
            name: name)
    }

    public func onTrainBegin(_ logs: Logs, _ run: Run) throws -> Directive? { try set(run) }

    public func onTrainBatchBegin(_ batch: Int, _ logs: Logs, _ run: Run) throws -> Directive? { try set(run) }

    private func set(_ run: Run) throws -> Directive? {
        guard let shares else { return nil }
        let rate = base * shares.value(at: Int(exactly: clock.position(in: run).rounded(.down)) ?? .max)
        guard rate.isFinite else {
            throw DirectiveError(key: "lr", "'m_mul' \(mMul) has made the learning rate \(rate)")
        }
        hold.set(rate, run)
        return nil
    }

    public var savedState: StateValue { ["clock": clock.state, "base": .number(base), "hold": hold.state] }

    public func restore(_ state: StateValue, in run: Run) {
        clock.restore(state["clock"])
        let isGivenAnew = run.changes.contains("learning_rate")
        hold.restore(isGivenAnew ? nil : state["hold"], isGivenAnew: isGivenAnew)
        let kept = state["base"]?.number.flatMap { Hyperparameter.Range.nonNegative.contains($0) ? $0 : nil }
        base = isGivenAnew ? run.optimizer.fullLearningRate : kept ?? base
    }
}
