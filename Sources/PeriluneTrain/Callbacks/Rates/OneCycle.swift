import Glibc
import PeriluneGraph
public import PeriluneItems

/// One cycle of the learning rate: up to its largest value, and down to far below where it began; momentum goes the
/// other way.
///
/// Smith and Topin 2018 in the form of PyTorch's `OneCycleLR`
/// (https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.OneCycleLR.html), with its names, defaults and
/// formula. Sets the rate before each step; after the cycle it stays at its least. What other callbacks do to the rate
/// multiplies the rest of the cycle. Where the epochs of a run do not all have the same number of steps, a cycle over
/// epochs ends with them all the same.
public final class OneCycle: Callback {
    public static let declaration = CallbackDeclaration(
        "one_cycle", Settings(), of: { ($0 as? OneCycle)?.settings },
        positional: [.required("max_lr", \.maxLR, .number(.above(0)), "the largest learning rate")],
        options: [
            .span(\.span),
            .optional(
                "div_factor", \.options.divFactor, .number(.above(0)), "the first rate is max_lr divided by this"),
            .optional(
                "final_div_factor", \.options.finalDivFactor, .number(.above(0)),
                "the last rate is the first divided by this"),
            .optional("pct_start", \.options.pctStart, .number(.within(0...1)), "the share of the cycle that rises"),
            .optional(
                "anneal", \.options.anneal, .choice(), aliases: ["anneal_strategy"], "the form of its slopes"),
            .optional(
                "three_phase", \.options.threePhase, .boolean,
                "whether it falls as long as it rose, then to its least"),
            .optional(
                "cycle_momentum", \.options.cyclesMomentum, .boolean, shown: "where momentum or beta_1 is not 0",
                "whether momentum, or beta_1, goes the other way"),
            .optional(
                "base_momentum", \.options.momentum.base, .number(.within(0..<1)), "the momentum at the largest rate"),
            .optional("max_momentum", \.options.momentum.max, .number(.within(0..<1)), "the momentum at the ends"),
        ],
        help: """
            One cycle of the learning rate: up to max_lr, then down to far below where it began. PyTorch's OneCycleLR.
            It lasts the whole run unless steps or epochs are given. What other callbacks do to the rate, such as
            reduce_lr_on_plateau, multiplies the rest of it. The optimizer has a plain learning rate, and no schedule.
            lune.one_cycle(0.1, { pct_start = 0.25 })
            """
    ) {
        let settings = try $0.filled()
        return try OneCycle(maxLR: settings.maxLR, settings.span, options: settings.options)
    }

    /// What one is made of.
    private struct Settings {
        var maxLR = 1.0
        var span: RateSpan?
        var options = Options()
    }

    private var settings: Settings { Settings(maxLR: maxLR, span: span, options: options) }

    public enum Anneal: String, Hashable, Sendable, CaseIterable {
        case cos
        case linear
    }

    /// The momentum, or Adam's beta_1, at the ends of the cycle.
    public struct Momentum: Hashable, Sendable {
        /// At the largest rate.
        public var base: Double
        /// At the beginning and the end.
        public var max: Double

        public init(base: Double = 0.85, max: Double = 0.95) {
            self.base = base
            self.max = max
        }
    }

    /// What there is to say besides the largest rate; each with PyTorch's default.
    public struct Options: Hashable, Sendable {
        /// The first rate is the largest divided by this; above 0.
        public var divFactor = 25.0
        /// The last rate is the first divided by this; above 0.
        public var finalDivFactor = 1e4
        /// The share of the cycle in which the rate rises; from 0 to 1.
        public var pctStart = 0.3
        public var anneal = Anneal.cos
        /// Whether the rate first falls as long as it rose, back to where it began, and then to its least.
        public var threePhase = false
        /// Whether momentum is cycled; nil: where the optimizer has one that is not 0.
        public var cyclesMomentum: Bool?
        public var momentum = Momentum()

        public init() {}
    }

    /// The largest learning rate, above 0.
    public let maxLR: Double
    /// nil: the whole run.
    public var span: RateSpan? { clock.span }
    public let options: Options
    private var clock: RateClock
    private var hold = RateHold()
    /// The hyper-parameter that is cycled against the rate; nil: none.
    private var momentumName: String?
    /// Where that is among the rule's own.
    private var momentumIndex: Int?

    /// - Throws: `TrainingError` for a value out of range.
    public init(maxLR: Double, _ span: RateSpan? = nil, options: Options = Options()) throws(TrainingError) {
        let check = OptionCheck("one_cycle")
        try check.positive("max_lr", maxLR)
        try span?.check(for: "one_cycle")
        try check.positive("div_factor", options.divFactor)
        try check.positive("final_div_factor", options.finalDivFactor)
        let first = maxLR / options.divFactor
        try check.require(first.isFinite, "div_factor", "large enough for a finite first rate", options.divFactor)
        try check.require(
            (first / options.finalDivFactor).isFinite, "final_div_factor", "large enough for a finite last rate",
            options.finalDivFactor)
        try check.require(
            options.pctStart >= 0 && options.pctStart <= 1, "pct_start", "a number from 0 to 1", options.pctStart)
        for (name, value) in [("base_momentum", options.momentum.base), ("max_momentum", options.momentum.max)] {
            try check.require(value >= 0 && value < 1, name, "a number of 0 or more and below 1", value)
        }
        self.maxLR = maxLR
        clock = RateClock(span)
        self.options = options
    }
}

extension OneCycle {
    public var name: String { "one_cycle" }
    public var roles: [CallbackRole] { [.holdsRate(self)] }

    public var events: EventSet { [.trainBegin, .trainBatchBegin] }

    public func prepare(for run: Run) throws {
        try hold.prepare(for: run, self)
        try clock.prepare(for: run, name)
        momentumName = try cycledMomentum(of: run.optimizer)
        momentumIndex = run.optimizer.own.firstIndex { $0.name == momentumName }
    }

    private func cycledMomentum(of optimizer: Optimizer) throws(TrainingError) -> String? {
        guard options.cyclesMomentum != false else { return nil }
        let known = ["momentum", "beta_1"].first { optimizer.names.contains($0) }
        guard options.cyclesMomentum == true else {
            return known.flatMap { optimizer.value(of: $0) ?? 0 > 0 ? $0 : nil }
        }
        guard let known else {
            throw TrainingError(
                .invalidOption,
                "one_cycle: 'cycle_momentum' needs an optimizer with momentum or beta_1; \(optimizer.name) has "
                    + optimizer.names.joined(separator: ", "))
        }
        return known
    }

    public func onTrainBegin(_ logs: Logs, _ run: Run) -> Directive? {
        set(run)
        return nil
    }

    public func onTrainBatchBegin(_ batch: Int, _ logs: Logs, _ run: Run) -> Directive? {
        set(run)
        return nil
    }

    private func set(_ run: Run) {
        let place = clock.position(in: run)
        let first = maxLR / options.divFactor
        hold.set(value(at: place, low: first, high: maxLR, last: first / options.finalDivFactor), run)
        guard let momentumIndex else { return }
        let momentum = options.momentum
        run.optimizer.setOwn(
            at: momentumIndex, value(at: place, low: momentum.max, high: momentum.base, last: momentum.max))
    }

    /// The value at a place of something that goes from `low` to `high` and then to `last`.
    private func value(at place: Double, low: Double, high: Double, last: Double) -> Double {
        let total = clock.total
        let (share, count) = (options.pctStart, Double(total))
        let now = min(max(0, place), count - 1)
        let top = share * count - 1
        if now <= top || total == 1 && share > 0 { return between(low, high, now, 0, top) }
        guard options.threePhase else { return between(high, last, now, top, count - 1) }
        let back = 2 * share * count - 2
        return now <= back ? between(high, low, now, top, back) : between(low, last, now, back, count - 1)
    }

    private func between(_ start: Double, _ end: Double, _ now: Double, _ from: Double, _ to: Double) -> Double {
        let share = to > from ? (now - from) / (to - from) : 1
        switch options.anneal {
        case .cos: return end + (start - end) / 2 * (1 + cos(Double.pi * share))
        case .linear: return (end - start) * share + start
        }
    }

    public var report: [String: StateValue] {
        ["steps": .integer(clock.total), "momentum": momentumName.map { .text($0) } ?? .null]
    }

    public var savedState: StateValue { ["clock": clock.state, "hold": hold.state] }

    public func restore(_ state: StateValue, in run: Run) {
        clock.restore(state["clock"])
        hold.restore(state["hold"], isGivenAnew: run.changes.contains("learning_rate"))
    }
}
