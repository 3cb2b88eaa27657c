public import PeriluneGraph
public import PeriluneItems

/// Keeps the weights of the best epoch in memory, and ends the run with them.
///
/// What `EarlyStopping` does with `restoreBestWeights`, for runs that go on to their end. Where a callback averages the
/// weights, a value of the validation belongs to the average, and that is what is kept.
public final class KeepBestWeights: Callback {
    public static let declaration = CallbackDeclaration(
        "keep_best_weights", try KeepBestWeights(),
        options: [
            .monitor(\.monitor.name), .mode(\.monitor.mode),
            .optional("min_delta", \.monitor.minDelta, .number(), "how much better counts as better"),
            .optional("restore_at_end", \.restoresAtEnd, .boolean, "whether the run ends with the best weights"),
            .verbose(\.isVerbose),
        ],
        help: """
            Keeps the weights of the best epoch in memory, and ends the run with them.
            lune.keep_best_weights { monitor = "val_accuracy" }
            """
    ) {
        try KeepBestWeights(
            monitor: $0[\.monitor.name], mode: $0[\.monitor.mode], minDelta: $0[\.monitor.minDelta],
            restoreAtEnd: $0[\.restoresAtEnd], verbose: $0[\.isVerbose])
    }

    /// Whether a run that ends in order goes back to the best weights.
    public let restoresAtEnd: Bool
    public let isVerbose: Bool
    public private(set) var monitor: Monitor
    /// The epoch with the best value, counted from 1; 0 where there is none yet.
    public private(set) var bestEpoch = 0
    /// The weights of that epoch.
    public private(set) var bestWeights: [Tensor]?

    /// - Throws: `TrainingError` for a `minDelta` that is not finite.
    public init(
        monitor: String = "val_loss", mode: Monitor.Mode = .auto, minDelta: Double = 0, restoreAtEnd: Bool = true,
        verbose: Bool = false
    ) throws(TrainingError) {
        self.monitor = try Monitor(monitor, mode: mode, minDelta: minDelta, for: "keep_best_weights")
        (restoresAtEnd, isVerbose) = (restoreAtEnd, verbose)
    }
}

extension KeepBestWeights {
    public var name: String { "keep_best_weights" }
    public var identity: CallbackIdentity { monitor.identity(name, "\(restoresAtEnd)") }

    public var events: EventSet { [.epochEnd, .testEnd, .trainEnd] }

    public func prepare(for run: Run) throws {
        (bestEpoch, bestWeights) = (0, nil)
        try monitor.prepare(for: run)
    }

    public func onEpochEnd(_ epoch: Int, _ logs: Logs, _ run: Run) throws -> Directive? {
        judge(monitor.value(at: .epochEnd, logs, run), run)
        return nil
    }

    public func onTestEnd(_ logs: Logs, _ run: Run) throws -> Directive? {
        judge(monitor.value(at: .testEnd, logs, run), run)
        return nil
    }

    private func judge(_ value: Double?, _ run: Run) {
        guard let value, monitor.improves(value) else { return }
        bestEpoch = run.epoch
        bestWeights = monitor.name.hasPrefix("val_") ? run.readValidatedWeights() : run.readWeights()
    }

    public func onTrainEnd(_ logs: Logs, _ run: Run) throws -> Directive? {
        guard restoresAtEnd, run.endReason != .failed, let bestWeights else { return nil }
        if isVerbose { run.say("going back to the weights of the best epoch, \(bestEpoch)") }
        try run.end(with: bestWeights)
        return nil
    }

    public var report: [String: StateValue] {
        [
            "best": monitor.best.map { .number($0) } ?? .null, "best_epoch": .integer(bestEpoch),
            "monitor": .text(monitor.name),
        ]
    }

    public var savedState: StateValue {
        [
            "monitor": monitor.state, "best_epoch": .integer(bestEpoch),
            "weights": bestWeights.map { .list($0.map { .tensor($0) }) } ?? .null,
        ]
    }

    public func restore(_ state: StateValue, in run: Run) {
        guard monitor.isGoingOn(with: state["monitor"], for: name, in: run) else { return }
        monitor.restore(state["monitor"])
        bestEpoch = state["best_epoch"]?.count ?? 0
        bestWeights = state["weights"]?.list?.compactMap(\.tensor)
    }
}
