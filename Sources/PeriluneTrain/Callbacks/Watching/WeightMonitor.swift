public import PeriluneItems

/// Writes statistics of the weights to the logs: `weight_norm`, and with `layers` those of single weights,
/// `weight/dense/kernel/norm`. States of layers, such as moving averages, are weights too.
///
/// Cost: each measurement copies the weights and reads them once; batches between two cost nothing to speak of, and
/// with `every = { epochs = n }` nothing at all.
public final class WeightMonitor: Callback {
    public static let declaration = CallbackDeclaration(
        "weight_monitor", try WeightMonitor(), options: [.watched(\.watch.options)],
        help: """
            Writes statistics of the weights to the logs: weight_norm, weight/dense/kernel/norm.
            lune.weight_monitor { layers = "dense*", statistics = { "norm", "std" } }
            """
    ) {
        let options = try $0[\.watch.options]
        return try WeightMonitor(every: options.every, layers: options.layers, statistics: options.statistics)
    }

    private var watch: TensorWatch

    /// - Parameters:
    ///   - every: `.epochs(n)` measures at the end of each n-th epoch.
    ///   - layers: a pattern of layers or weights that are told of one by one.
    ///   - statistics: norm, mean, std, min, max, zeros (a share), nonfinite (a share).
    /// - Throws: `TrainingError` for another statistic, or a frequency out of range.
    public init(
        every: Frequency = .epochs(1), layers: String? = nil, statistics: [String] = ["norm"]
    ) throws(TrainingError) {
        watch = try TensorWatch(
            "weight_monitor", prefix: "weight", every: every, layers: layers, statistics: statistics)
    }
}

extension WeightMonitor {
    public var name: String { "weight_monitor" }
    public var identity: CallbackIdentity { watch.identity }
    public var roles: [CallbackRole] { [.announcesLogs { [weak self] in self?.watch.announced ?? [] }] }

    public var events: EventSet { EventSet([.epochEnd]).adding([.trainBatchEnd], if: watch.every.isWithinEpochs) }

    public func prepare(for run: Run) throws {
        try watch.reset(run.namedWeights.map(\.path))
    }

    public func onTrainBatchEnd(_ batch: Int, _ logs: Logs, _ run: Run) -> Directive? {
        guard watch.isDue(run, step: run.step, isComplete: run.isStepComplete) else { return nil }
        watch.take(run.namedWeights)
        watch.writeFresh(logs)
        return nil
    }

    public func onEpochEnd(_ epoch: Int, _ logs: Logs, _ run: Run) -> Directive? {
        guard !run.isFailing else { return nil }
        if watch.every.isDue(atEndOf: epoch) { watch.take(run.namedWeights) }
        watch.endEpoch(logs)
        return nil
    }

    public var report: [String: StateValue] { watch.report }
    public var savedState: StateValue { watch.state }
    public func restore(_ state: StateValue, in run: Run) { watch.restore(state) }
}
