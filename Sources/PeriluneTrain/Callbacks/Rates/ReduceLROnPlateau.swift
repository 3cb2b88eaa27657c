public import PeriluneItems

/// Lowers the learning rate when a monitored quantity has stopped improving.
///
/// Arguments and defaults of Keras's `ReduceLROnPlateau`; `cooldown = n` leaves out exactly the n epochs after a
/// reduction, as PyTorch's (https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ReduceLROnPlateau.html),
/// whereas Keras's 1 has no effect. A schedule is scaled instead of being an error.
public final class ReduceLROnPlateau: Callback {
    public static let declaration = CallbackDeclaration(
        "reduce_lr_on_plateau", try ReduceLROnPlateau(),
        options: [
            .monitor(\.monitor.name),
            .optional("factor", \.factor, .number(), "what the learning rate is multiplied with"),
            .optional("patience", \.patience, .count(atLeast: 0), "epochs without improvement before it acts"),
            .verbose(\.isVerbose), .mode(\.monitor.mode),
            .optional("min_delta", \.monitor.minDelta, .number(), "how much better counts as better"),
            .optional("cooldown", \.cooldown, .count(atLeast: 0), "epochs after a reduction that do not count"),
            .optional("min_lr", \.minLR, .number(.atLeast(0)), "the least learning rate"),
        ],
        help: """
            Lowers the learning rate when a monitored quantity no longer gets better.
            A schedule, one_cycle or cosine_restarts goes on from there, lowered.
            lune.reduce_lr_on_plateau { monitor = "val_loss", factor = 0.5, patience = 3, min_lr = 1e-6 }
            """
    ) {
        try ReduceLROnPlateau(
            monitor: $0[\.monitor.name], factor: $0[\.factor], patience: $0[\.patience], verbose: $0[\.isVerbose],
            mode: $0[\.monitor.mode], minDelta: $0[\.monitor.minDelta], cooldown: $0[\.cooldown], minLR: $0[\.minLR])
    }

    /// What the learning rate is multiplied with: above 0 and below 1.
    public let factor: Double
    /// Epochs without improvement after which the rate is lowered; 0 and 1 both mean the first.
    public let patience: Int
    /// Epochs after a reduction that do not count.
    public let cooldown: Int
    /// The rate is not lowered below this.
    public let minLR: Double
    public let isVerbose: Bool

    public private(set) var monitor: Monitor
    /// Counted epochs since the last improvement or reduction.
    public private(set) var wait = 0
    /// Epochs of cooldown that are left.
    public private(set) var cooldownLeft = 0

    /// - Throws: `TrainingError` for a value out of range.
    public init(
        monitor: String = "val_loss", factor: Double = 0.1, patience: Int = 10, verbose: Bool = false,
        mode: Monitor.Mode = .auto, minDelta: Double = 1e-4, cooldown: Int = 0, minLR: Double = 0
    ) throws(TrainingError) {
        let check = OptionCheck("reduce_lr_on_plateau")
        try check.require(factor > 0 && factor < 1, "factor", "a number above 0 and below 1", factor)
        try check.nonNegative("patience", patience)
        try check.nonNegative("cooldown", cooldown)
        try check.nonNegative("min_lr", minLR)
        self.monitor = try Monitor(monitor, mode: mode, minDelta: minDelta, for: "reduce_lr_on_plateau")
        self.factor = factor
        self.patience = patience
        self.cooldown = cooldown
        self.minLR = minLR
        isVerbose = verbose
    }
}

extension ReduceLROnPlateau {
    public var name: String { "reduce_lr_on_plateau" }
    public var identity: CallbackIdentity { monitor.identity(name, "\(factor) \(patience) \(cooldown) \(minLR)") }

    public var events: EventSet { [.epochEnd, .testEnd] }

    public func prepare(for run: Run) throws {
        (wait, cooldownLeft) = (0, 0)
        try monitor.prepare(for: run)
    }

    public func onEpochEnd(_ epoch: Int, _ logs: Logs, _ run: Run) throws -> Directive? {
        judge(monitor.value(at: .epochEnd, logs, run), run)
    }

    public func onTestEnd(_ logs: Logs, _ run: Run) throws -> Directive? {
        judge(monitor.value(at: .testEnd, logs, run), run)
    }

    private func judge(_ value: Double?, _ run: Run) -> Directive? {
        guard let value else { return nil }
        let isBetter = monitor.improves(value)
        if cooldownLeft > 0 {
            cooldownLeft -= 1
            wait = 0
            return nil
        }
        guard !isBetter else {
            wait = 0
            return nil
        }
        wait += 1
        let rate = run.optimizer.fullLearningRate
        guard wait >= patience, rate > minLR else { return nil }
        let lower = max(rate * factor, minLR)
        (wait, cooldownLeft) = (0, cooldown)
        if isVerbose { run.say("epoch \(run.epoch): reducing the learning rate to \(lower)") }
        guard run.optimizer.hasSchedule else { return .learningRate(lower) }
        return .learningRateScale(lower / rate)
    }

    public var report: [String: StateValue] {
        [
            "best": monitor.best.map { .number($0) } ?? .null, "wait": .integer(wait), "monitor": .text(monitor.name),
            "patience": .integer(patience),
        ]
    }

    public var savedState: StateValue {
        ["wait": .integer(wait), "cooldown": .integer(cooldownLeft), "monitor": monitor.state]
    }

    public func restore(_ state: StateValue, in run: Run) {
        guard monitor.isGoingOn(with: state["monitor"], for: name, in: run) else { return }
        wait = state["wait"]?.count ?? 0
        cooldownLeft = state["cooldown"]?.count ?? 0
        monitor.restore(state["monitor"])
    }
}
