import PeriluneGraph
public import PeriluneItems

/// Ends the run when a monitored quantity has stopped improving.
///
/// Semantics of Keras's `EarlyStopping` (https://keras.io/api/callbacks/early_stopping/) as of its pull request 23559:
/// patience counts epochs without improvement, and every improvement starts the count again. An epoch whose logs lack
/// the quantity does not count. Different from Keras: a NaN is never the best, and a misspelt monitor is found before
/// the first batch.
///
/// Each fit begins anew, unless `acrossFits` is set or it goes on from a checkpoint.
///
/// With `every` in steps a quantity of training is judged after every so many updates, on the mean of the batches since
/// the last time; patience then counts these judgements. Quantities of validation are judged at each validation.
public final class EarlyStopping: Callback {
    public static let declaration = CallbackDeclaration(
        "early_stopping", try EarlyStopping(),
        options: [
            .monitor(\.monitor.name),
            .optional("min_delta", \.monitor.minDelta, .number(), "how much better counts as better"),
            .optional(
                "patience", \.patience, .count(atLeast: 0),
                "epochs, or other judgements, without improvement before it stops"),
            .verbose(\.isVerbose), .mode(\.monitor.mode),
            .optional("baseline", \.baseline, .number(), "a value that should be beaten; mentioned in the reason"),
            .optional(
                "restore_best_weights", \.restoresBestWeights, .boolean,
                "whether to end with the weights of the best epoch"),
            .optional(
                "start_from_epoch", \.startFromEpoch, .count(atLeast: 0), "epochs at the start that do not count"),
            .judgedEvery(\.every),
            .optional(
                "across_fits", \.lastsOverFits, .boolean,
                "whether the best value and the patience go on from one fit to the next"),
        ],
        help: """
            Stops when a monitored quantity no longer gets better.
            lune.early_stopping { monitor = "val_loss", patience = 5, restore_best_weights = true }
            """
    ) {
        try EarlyStopping(
            monitor: $0[\.monitor.name], minDelta: $0[\.monitor.minDelta], patience: $0[\.patience],
            verbose: $0[\.isVerbose], mode: $0[\.monitor.mode], baseline: $0[\.baseline],
            restoreBestWeights: $0[\.restoresBestWeights], startFromEpoch: $0[\.startFromEpoch], every: $0[\.every],
            acrossFits: $0[\.lastsOverFits])
    }

    /// Judgements, usually epochs, without improvement after which the run ends; 0 and 1 both mean the first.
    public let patience: Int
    /// A value to beat. It is mentioned in the reason for stopping; it does not shorten the patience.
    public let baseline: Double?
    /// Whether to go back to the weights of the best judgement when the run ends in order, by whatever reason.
    public let restoresBestWeights: Bool
    /// Epochs at the start that are not judged.
    public let startFromEpoch: Int
    public let isVerbose: Bool
    /// Whether the best value and the patience go on from one fit to the next, as where each fit is one epoch.
    public let lastsOverFits: Bool

    public var monitor: Monitor { quantity.monitor }
    /// Judgements since the last improvement.
    public private(set) var wait = 0
    /// The epoch with the best value, counted from 1; 0 where there is none yet.
    public private(set) var bestEpoch = 0
    /// The updates that had been done when the best value was judged.
    public private(set) var bestStep = 0
    /// The epoch at which the run was stopped; 0 where it was not.
    public private(set) var stoppedEpoch = 0
    /// The updates that had been done then.
    public private(set) var stoppedStep = 0
    private var quantity: JudgedQuantity
    private var bestWeights: [Tensor]?

    /// - Parameters:
    ///   - every: epochs or steps.
    ///   - acrossFits: whether the best value, its weights and the patience last over several fits.
    /// - Throws: `TrainingError` for a negative patience or start, or a `minDelta` or baseline that is not finite.
    public init(
        monitor: String = "val_loss", minDelta: Double = 0, patience: Int = 0, verbose: Bool = false,
        mode: Monitor.Mode = .auto, baseline: Double? = nil, restoreBestWeights: Bool = false, startFromEpoch: Int = 0,
        every: Frequency = .epochs(1), acrossFits: Bool = false
    ) throws(TrainingError) {
        let check = OptionCheck("early_stopping")
        try check.nonNegative("patience", patience)
        try check.nonNegative("start_from_epoch", startFromEpoch)
        if let baseline { try check.require(baseline.isFinite, "baseline", "a finite number", baseline) }
        quantity = try JudgedQuantity(
            monitor, mode: mode, minDelta: minDelta, every: every, for: "early_stopping")
        self.patience = patience
        self.baseline = baseline
        restoresBestWeights = restoreBestWeights
        self.startFromEpoch = startFromEpoch
        isVerbose = verbose
        lastsOverFits = acrossFits
    }
}

extension EarlyStopping {
    public var name: String { "early_stopping" }
    public var identity: CallbackIdentity {
        quantity.identity(
            name, "\(patience) \(startFromEpoch) \(restoresBestWeights) \(baseline.map { "\($0)" } ?? "")")
    }
    public var every: Frequency { quantity.every }

    public var events: EventSet { quantity.events.union([.trainEnd]) }

    public func prepare(for run: Run) throws {
        (stoppedEpoch, stoppedStep) = (0, 0)
        let before = lastsOverFits ? monitor.best : nil
        if before == nil { (wait, bestEpoch, bestStep, bestWeights) = (0, 0, 0, nil) }
        try quantity.prepare(for: run, best: before)
    }

    public func handle(_ event: Event, _ context: EventContext) throws -> Directive? {
        guard event != .trainEnd else { return try end(context.run) }
        return judge(quantity.value(at: event, context), context.run)
    }

    private func judge(_ value: Double?, _ run: Run) -> Directive? {
        guard let value, run.epoch > startFromEpoch else { return nil }
        let hasJudged = wait > 0 || monitor.best != nil
        wait += 1
        if quantity.monitor.improves(value) {
            (wait, bestEpoch, bestStep) = (0, run.epoch, run.step)
            if restoresBestWeights {
                bestWeights = monitor.name.hasPrefix("val_") ? run.readValidatedWeights() : run.readWeights()
            }
            return nil
        }
        // One epoch is no basis for a decision, as in Keras; nor is one judgement within it.
        guard wait >= patience, run.epoch > 1 || (quantity.isWithinEpochs || lastsOverFits) && hasJudged
        else { return nil }
        (stoppedEpoch, stoppedStep) = (run.epoch, run.step)
        if isVerbose { run.say("\(quantity.place(run)): early stopping") }
        return .stop(reason)
    }

    /// The best judgement, as it is named.
    private var bestPlace: String { quantity.isWithinEpochs ? "at step \(bestStep)" : "in epoch \(bestEpoch)" }

    private var verdict: String { "\(monitor.name) has not improved for" }

    private var reason: String {
        var text = "\(verdict) \(quantity.text(wait, over: stoppedEpoch - max(bestEpoch, startFromEpoch)))"
        if let best = monitor.best { text += "; best \(best) \(bestPlace)" }
        if let baseline, !monitor.isBetter(monitor.best ?? .nan, than: baseline) {
            text += ", which does not beat the baseline \(baseline)"
        }
        return text
    }

    private func end(_ run: Run) throws -> Directive? {
        defer { if !lastsOverFits { bestWeights = nil } }
        guard run.endReason != .failed, let bestWeights else { return nil }
        if isVerbose {
            let place = quantity.isWithinEpochs ? "step, \(bestStep)" : "epoch, \(bestEpoch)"
            run.say("restoring the weights of the best \(place)")
        }
        try run.end(with: bestWeights)
        return nil
    }

    public var report: [String: StateValue] {
        [
            "best": monitor.best.map { .number($0) } ?? .null, "best_epoch": .integer(bestEpoch),
            "best_step": .integer(bestStep), "wait": .integer(wait), "stopped_epoch": .integer(stoppedEpoch),
            "stopped_step": .integer(stoppedStep), "monitor": .text(monitor.name), "patience": .integer(patience),
        ]
    }

    public var savedState: StateValue {
        [
            "wait": .integer(wait), "best_epoch": .integer(bestEpoch), "best_step": .integer(bestStep),
            "stopped_epoch": .integer(stoppedEpoch), "stopped_step": .integer(stoppedStep), "quantity": quantity.state,
            "best_weights": bestWeights.map { .list($0.map { .tensor($0) }) } ?? .null,
        ]
    }

    public func restore(_ state: StateValue, in run: Run) {
        guard quantity.isGoingOn(with: state["quantity"], for: name, in: run) else { return }
        func count(_ name: String) -> Int { state[name]?.count ?? 0 }
        (wait, bestEpoch, bestStep) = (count("wait"), count("best_epoch"), count("best_step"))
        (stoppedEpoch, stoppedStep) = (count("stopped_epoch"), count("stopped_step"))
        quantity.restore(state["quantity"])
        bestWeights = state["best_weights"]?.list?.compactMap(\.tensor)
        // More patience, given to a run that was stopped, means that it should go on.
        if stoppedEpoch > 0, wait < patience {
            run.cancelStop(for: verdict)
            (stoppedEpoch, stoppedStep) = (0, 0)
        }
    }
}
