public import PeriluneItems
import PeriluneNN

/// Ends the run when a monitored quantity has run away: beyond a fixed value, or far from its best so far.
///
/// With a factor f the limit lies `(f − 1)·|best|` from the best: f times a best loss of above 0. Where larger is
/// better it is `best / f`. A NaN or an infinite value counts as beyond it. The fixed form is Lightning's
/// `divergence_threshold`
/// (https://lightning.ai/docs/pytorch/stable/api/lightning.pytorch.callbacks.EarlyStopping.html).
public final class DivergenceStopper: Callback {
    public static let declaration = CallbackDeclaration(
        "divergence_stopper", try DivergenceStopper(.threshold(0)),
        options: [
            .monitor(\.monitor.name),
            .alternative(
                "factor", \.limit.factor, .number(.above(1)),
                "too far is so many times worse than the best; or give threshold"),
            .alternative("threshold", \.limit.threshold, .number(), "too far is worse than this"),
            .optional(
                "patience", \.patience, .count(atLeast: 0), "judgements too far, one after the other"),
            .mode(\.monitor.mode), .judgedEvery(\.every), .verbose(\.isVerbose),
        ],
        help: """
            Stops when a monitored quantity has run away, or is no longer finite.
            lune.divergence_stopper { monitor = "loss", factor = 5, patience = 2 }
            """
    ) { options in
        let limit: Limit
        switch (try options[\.limit.factor], try options[\.limit.threshold]) {
        case (let factor?, nil): limit = .factor(factor)
        case (nil, let threshold?): limit = .threshold(threshold)
        case (nil, nil), (.some, .some): throw options.fault("factor", "either 'factor' or 'threshold' expected")
        }
        return try DivergenceStopper(
            monitor: options[\.monitor.name], limit, patience: options[\.patience], mode: options[\.monitor.mode],
            every: options[\.every], verbose: options[\.isVerbose])
    }

    /// What is too far.
    public enum Limit: Hashable, Sendable {
        /// So many times worse than the best so far; above 1.
        case factor(Double)
        /// Worse than this value.
        case threshold(Double)

        var factor: Double? { if case .factor(let factor) = self { factor } else { nil } }
        var threshold: Double? { if case .threshold(let value) = self { value } else { nil } }
    }

    public let limit: Limit
    /// Judgements beyond the limit, one after the other, after which the run ends; 0 and 1 both mean the first.
    public let patience: Int
    public let isVerbose: Bool

    public var monitor: Monitor { quantity.monitor }
    public var every: Frequency { quantity.every }
    /// Judgements beyond the limit since the last one within it.
    public private(set) var wait = 0
    /// The epoch at which the run was stopped; 0 where it was not.
    public private(set) var stoppedEpoch = 0
    private var quantity: JudgedQuantity

    /// - Throws: `TrainingError` for a factor of 1 or less, a threshold that is not finite, or a negative patience.
    public init(
        monitor: String = "loss", _ limit: Limit, patience: Int = 1, mode: Monitor.Mode = .auto,
        every: Frequency = .epochs(1), verbose: Bool = false
    ) throws(TrainingError) {
        let check = OptionCheck("divergence_stopper")
        switch limit {
        case .factor(let factor):
            try check.require(factor.isFinite && factor > 1, "factor", "a finite number above 1", factor)
        case .threshold(let value): try check.finite("threshold", value)
        }
        try check.nonNegative("patience", patience)
        quantity = try JudgedQuantity(monitor, mode: mode, every: every, for: "divergence_stopper")
        self.limit = limit
        self.patience = patience
        isVerbose = verbose
    }
}

extension DivergenceStopper {
    public var name: String { "divergence_stopper" }
    public var identity: CallbackIdentity { quantity.identity(name, "\(limit) \(patience)") }

    public var events: EventSet { quantity.events }

    public func prepare(for run: Run) throws {
        (wait, stoppedEpoch) = (0, 0)
        try quantity.prepare(for: run)
    }

    public func handle(_ event: Event, _ context: EventContext) throws -> Directive? {
        judge(quantity.value(at: event, context), context.run)
    }

    private func judge(_ value: Double?, _ run: Run) -> Directive? {
        guard let value else { return nil }
        let bound = bound
        // An infinity would be a best that nothing comes near.
        if value.isFinite { _ = quantity.monitor.improves(value) }
        guard !value.isFinite || bound.map({ !monitor.reaches(value, $0) }) ?? false else {
            wait = 0
            return nil
        }
        wait += 1
        guard wait >= patience else { return nil }
        stoppedEpoch = run.epoch
        let beyond = bound.map { " is beyond \($0)" } ?? ""
        let reason = "\(monitor.name) has diverged: \(value.written)\(beyond) at \(quantity.place(run))"
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
            case .minimize: return best + (factor - 1) * abs(best)
            case .maximize: return best - (1 - 1 / factor) * abs(best)
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
            "wait": .integer(wait), "stopped_epoch": .integer(stoppedEpoch), "quantity": quantity.state,
        ]
    }

    public func restore(_ state: StateValue, in run: Run) {
        guard quantity.isGoingOn(with: state["quantity"], for: name, in: run) else { return }
        wait = state["wait"]?.count ?? 0
        stoppedEpoch = state["stopped_epoch"]?.count ?? 0
        quantity.restore(state["quantity"])
    }
}
