public import PeriluneItems

/// Ends the run when a monitored quantity has reached a value, or, with `byEpoch`, when it has not by that epoch.
///
/// The first spares epochs that are not needed, the second a run that leads nowhere. Both look at the end of epochs and
/// of validations, or every few updates, as `EarlyStopping` does.
public final class ThresholdStopper: Callback {
    public static let declaration = CallbackDeclaration(
        "threshold_stopper", try ThresholdStopper(threshold: 0),
        options: [
            .monitor(\.monitor.name), .required("threshold", \.threshold, .number(), "the value to reach"),
            .mode(\.monitor.mode),
            .optional(
                "by_epoch", \.byEpoch, .count(atLeast: 1), shown: "none",
                "the epoch at whose end the run stops if the value has not been reached"),
            .judgedEvery(\.every), .verbose(\.isVerbose),
        ],
        help: """
            Stops when a monitored quantity has reached a value, or has not by an epoch.
            lune.threshold_stopper { monitor = "val_accuracy", threshold = 0.98 }
            """
    ) {
        try ThresholdStopper(
            monitor: $0[\.monitor.name], threshold: $0[\.threshold], mode: $0[\.monitor.mode],
            byEpoch: $0[\.byEpoch], every: $0[\.every], verbose: $0[\.isVerbose])
    }

    /// The value to reach: at most this where smaller is better, at least this where larger is.
    public let threshold: Double
    /// The epoch, from 1, at whose end the run is stopped if the value has not been reached; nil: none.
    public let byEpoch: Int?
    public let isVerbose: Bool

    public var monitor: Monitor { quantity.monitor }
    public var every: Frequency { quantity.every }
    /// The epoch in which the value was reached; 0 where it was not.
    public private(set) var reachedEpoch = 0
    private var quantity: JudgedQuantity

    /// - Throws: `TrainingError` for a threshold that is not finite, or an epoch below 1.
    public init(
        monitor: String = "val_loss", threshold: Double, mode: Monitor.Mode = .auto, byEpoch: Int? = nil,
        every: Frequency = .epochs(1), verbose: Bool = false
    ) throws(TrainingError) {
        let check = OptionCheck("threshold_stopper")
        try check.finite("threshold", threshold)
        if let byEpoch { try check.positive("by_epoch", byEpoch) }
        quantity = try JudgedQuantity(monitor, mode: mode, every: every, for: "threshold_stopper")
        self.threshold = threshold
        self.byEpoch = byEpoch
        isVerbose = verbose
    }
}

extension ThresholdStopper {
    public var name: String { "threshold_stopper" }
    public var identity: CallbackIdentity { quantity.identity(name, "\(threshold) \(byEpoch ?? 0)") }

    public var events: EventSet { quantity.events.adding([.epochEnd], if: byEpoch != nil) }

    public func prepare(for run: Run) throws {
        reachedEpoch = 0
        try quantity.prepare(for: run)
    }

    public func handle(_ event: Event, _ context: EventContext) throws -> Directive? {
        let run = context.run
        if let directive = judge(quantity.value(at: event, context), run) { return directive }
        guard let byEpoch, event == .epochEnd, reachedEpoch == 0, run.epoch >= byEpoch, !run.isFailing else {
            return nil
        }
        let best = monitor.best.map { "; best \($0)" } ?? ""
        return stop("\(monitor.name) has not reached \(threshold) by epoch \(byEpoch)\(best)", run)
    }

    private func judge(_ value: Double?, _ run: Run) -> Directive? {
        guard let value else { return nil }
        _ = quantity.monitor.improves(value)
        guard monitor.reaches(value, threshold) else { return nil }
        if reachedEpoch == 0 { reachedEpoch = run.epoch }
        return stop("\(monitor.name) has reached \(threshold): \(value) at \(quantity.place(run))", run)
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
        ["reached_epoch": .integer(reachedEpoch), "quantity": quantity.state]
    }

    public func restore(_ state: StateValue, in run: Run) {
        guard quantity.isGoingOn(with: state["quantity"], for: name, in: run) else { return }
        reachedEpoch = state["reached_epoch"]?.count ?? 0
        quantity.restore(state["quantity"])
    }
}
