public import PeriluneItems

/// Writes statistics of what the layers give for a batch to the logs: `activation_std`, and with `layers` those of
/// single layers, `activation/dense/zeros`.
///
/// The model runs once more on the batch, as it predicts: after the update, without dropout, with moving averages. With
/// `every = { epochs = n }` on the first batch of each n-th epoch. A layer that is called several times counts with
/// each call, the later ones named `dense#2` and so on.
///
/// Cost: a measurement is a forward pass whose outputs all stay in memory at once, in a program of its own, compiled at
/// the first. Batches between two cost nothing to speak of.
public final class ActivationMonitor: Callback {
    public static let declaration = CallbackDeclaration(
        "activation_monitor", try ActivationMonitor(), options: [.watched(\.watch.options)],
        help: """
            Writes statistics of what the layers give to the logs: activation_zeros, activation/dense/mean.
            Runs the model once more on a batch, as it predicts. { epochs = n }: on the first batch of an epoch.
            lune.activation_monitor { layers = "*", statistics = { "zeros" } }
            """
    ) {
        let options = try $0[\.watch.options]
        return try ActivationMonitor(every: options.every, layers: options.layers, statistics: options.statistics)
    }

    private var watch: TensorWatch
    private var probe: ActivationProbe?

    /// - Parameters:
    ///   - layers: a pattern of layers that are told of one by one.
    ///   - statistics: norm, mean, std, min, max, zeros (a share), nonfinite (a share).
    /// - Throws: `TrainingError` for another statistic, or a frequency out of range.
    public init(
        every: Frequency = .epochs(1), layers: String? = nil, statistics: [String] = ["mean", "std", "zeros"]
    ) throws(TrainingError) {
        watch = try TensorWatch(
            "activation_monitor", prefix: "activation", every: every, layers: layers, statistics: statistics)
    }
}

extension ActivationMonitor {
    public var name: String { "activation_monitor" }
    public var identity: CallbackIdentity { watch.identity }
    public var roles: [CallbackRole] { [.announcesLogs { [weak self] in self?.watch.announced ?? [] }] }

    public var events: EventSet { [.trainBatchEnd, .epochEnd] }

    public func prepare(for run: Run) throws {
        probe = nil
        try watch.reset(run.trainer?.layerPaths ?? [])
    }

    public func onTrainBatchEnd(_ batch: Int, _ logs: Logs, _ run: Run) throws -> Directive? {
        guard !run.isFailing, watch.isDue(run, step: run.step, isComplete: run.isStepComplete) else { return nil }
        let probe = probe ?? run.trainer.map(ActivationProbe.init)
        self.probe = probe
        guard let measured = try probe?.measure() else { return nil }
        watch.take(measured)
        watch.writeFresh(logs)
        return nil
    }

    public func onEpochEnd(_ epoch: Int, _ logs: Logs, _ run: Run) -> Directive? {
        if !run.isFailing { watch.endEpoch(logs) }
        return nil
    }

    public func onTrainEnd(_ logs: Logs, _ run: Run) -> Directive? {
        probe = nil
        return nil
    }

    public var report: [String: StateValue] { watch.report }
    public var savedState: StateValue { watch.state }
    public func restore(_ state: StateValue, in run: Run) { watch.restore(state) }
}
