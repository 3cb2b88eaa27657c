public import PeriluneItems

/// Averages the weights of the last part of a run, all with the same share: SWA.
///
/// Izmailov et al. 2018, "Averaging Weights Leads to Wider Optima and Better Generalization"
/// (https://arxiv.org/abs/1803.05407). As in the paper the statistics of batch normalization are computed anew for the
/// average that a run ends with, in one more pass over the training data; evaluations before that have averages of
/// them. A run that is interrupted, or whose data can be read only once, ends with those too. See `WeightAveraging` for
/// evaluations, checkpoints and order.
public final class StochasticWeightAveraging: WeightAveraging {
    public static let declaration = CallbackDeclaration(
        "stochastic_weight_averaging", try StochasticWeightAveraging(),
        options: [
            .optional(
                "start_epoch", \.startEpoch, .count(atLeast: 1), shown: "after three quarters",
                "the first epoch whose weights count"),
            .every(\.every),
            .optional(
                "lr", \.learningRate, .number(.atLeast(0)), aliases: ["learning_rate"],
                "the learning rate from that epoch on"),
            .optional("swap_at_end", \.swapsAtEnd, .boolean, "whether the run ends with the average"),
            .optional(
                "update_batch_norm", \.updatesBatchNorm, .boolean,
                "whether batch normalization gets the statistics of that average, in one more pass over the data"),
        ],
        help: """
            Averages the weights of the last part of a run (SWA), and evaluates with that.
            lune.stochastic_weight_averaging { start_epoch = 15, lr = 0.01 }
            """
    ) {
        try StochasticWeightAveraging(
            startEpoch: $0[\.startEpoch], every: $0[\.every], learningRate: $0[\.learningRate],
            swapAtEnd: $0[\.swapsAtEnd], updateBatchNorm: $0[\.updatesBatchNorm])
    }

    /// The first epoch whose weights count, from 1; nil: after three quarters of the epochs planned, as in the paper.
    public let startEpoch: Int?
    /// How often, from the beginning of that epoch.
    public let every: Frequency
    /// The learning rate from that epoch on; nil leaves it alone.
    public let learningRate: Double?
    /// Whether the statistics of batch normalization are computed anew at the end.
    public let updatesBatchNorm: Bool
    private var hasSetRate = false
    private var lastTaken = ContinuousClock.now

    /// - Throws: `TrainingError` for a value out of range.
    public init(
        startEpoch: Int? = nil, every: Frequency = .epochs(1), learningRate: Double? = nil, swapAtEnd: Bool = true,
        updateBatchNorm: Bool = true
    ) throws(TrainingError) {
        let name = "stochastic_weight_averaging"
        let check = OptionCheck(name)
        if let startEpoch { try check.positive("start_epoch", startEpoch) }
        try every.check(for: name)
        if let learningRate { try check.nonNegative("lr", learningRate) }
        (self.startEpoch, self.every, self.learningRate) = (startEpoch, every, learningRate)
        updatesBatchNorm = updateBatchNorm
        super.init(name: name, swapsAtEnd: swapAtEnd, swapsOnEpoch: false)
    }

    private func start(_ run: Run) -> Int {
        startEpoch ?? min(run.params.epochs, run.params.epochs - run.params.epochs / 4 + 1)
    }

    public override var events: EventSet { super.events.adding([.epochBegin], if: learningRate != nil) }

    public override func prepare(for run: Run) throws {
        try super.prepare(for: run)
        hasSetRate = false
        lastTaken = .now
    }

    public override func onEpochBegin(_ epoch: Int, _ logs: Logs, _ run: Run) throws -> Directive? {
        guard let learningRate, !hasSetRate, epoch >= start(run) else { return nil }
        hasSetRate = true
        return .learningRate(learningRate)
    }

    override func share(after step: Int, in run: Run) -> Float? {
        guard run.epoch >= start(run), every.isDue(step: step, isComplete: true, since: lastTaken) else { return nil }
        lastTaken = .now
        return share
    }

    override func shareAtEpochEnd(_ run: Run) -> Float? {
        guard case .epochs(let count) = every, run.epoch >= start(run) else { return nil }
        return (run.epoch - start(run)) % count == 0 ? share : nil
    }

    override func averageStays(in run: Run) throws {
        guard updatesBatchNorm, average.count > 0, let renew = run.renewStatistics else { return }
        switch try renew() {
        case .needless, .done: break
        case .incomplete(let reason):
            if let average = average.tensors(run) { try run.writeWeights(average) }
            run.say("\(name): the statistics of batch normalization are averages, not computed anew: \(reason)")
        }
    }

    private var share: Float { 1 / Float(average.count + 1) }

    public override var report: [String: StateValue] {
        super.report.merging(["start_epoch": startEpoch.map { .integer($0) } ?? .null]) { $1 }
    }

    public override var savedState: StateValue {
        ["averaging": super.savedState, "has_set_rate": .boolean(hasSetRate)]
    }

    public override func restore(_ state: StateValue, in run: Run) {
        super.restore(state["averaging"] ?? .null, in: run)
        hasSetRate = state["has_set_rate"]?.boolean ?? false
    }
}
