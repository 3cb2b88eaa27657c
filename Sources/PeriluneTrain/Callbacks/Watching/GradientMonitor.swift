public import PeriluneItems
import PeriluneNN

/// Writes statistics of the gradients to the logs: `grad_norm`, and with `layers` those of single weights,
/// `grad/dense/kernel/norm`.
///
/// The gradients are those of the loss before clipping, the mean over accumulated batches. With `every = { epochs = n
/// }` they are those of the first update of each n-th epoch.
///
/// Cost: listening to `backwardEnd` splits the training step into gradients and update, which costs the gradients'
/// memory once more and some per cent of time, in the epochs that are measured; each measurement copies the gradients
/// and reads them once. Nothing where it is not among the callbacks.
public final class GradientMonitor: Callback {
    public static let declaration = CallbackDeclaration(
        "gradient_monitor", try GradientMonitor(), options: [.watched(\.watch.options)],
        help: """
            Writes statistics of the gradients to the logs, before clipping: grad_norm, grad/dense/kernel/norm.
            It takes the training step apart, which costs some time. { epochs = n }: at the first update of an epoch.
            lune.gradient_monitor { every = { steps = 10 }, layers = "*", statistics = { "norm", "nonfinite" } }
            """
    ) {
        let options = try $0[\.watch.options]
        return try GradientMonitor(every: options.every, layers: options.layers, statistics: options.statistics)
    }

    private var watch: TensorWatch

    /// - Parameters:
    ///   - layers: a pattern of layers or weights that are told of one by one.
    ///   - statistics: norm, mean, std, min, max, zeros (a share), nonfinite (a share).
    /// - Throws: `TrainingError` for another statistic, or a frequency out of range.
    public init(
        every: Frequency = .steps(1), layers: String? = nil, statistics: [String] = ["norm"]
    ) throws(TrainingError) {
        watch = try TensorWatch(
            "gradient_monitor", prefix: "grad", every: every, layers: layers, statistics: statistics)
    }
}

extension GradientMonitor {
    public var name: String { "gradient_monitor" }
    public var identity: CallbackIdentity { watch.identity }
    public var roles: [CallbackRole] {
        [
            .announcesLogs { [weak self] in self?.watch.announced ?? [] },
            .readsGradients { [weak self] in self?.watch.isDue(inEpoch: $0) ?? false },
        ]
    }

    public var events: EventSet { [.backwardEnd, .trainBatchEnd, .epochEnd] }

    public func prepare(for run: Run) throws {
        try watch.reset(run.trainer?.model.variables.trainable.map(\.path) ?? [])
    }

    public func handle(_ event: Event, _ context: EventContext) -> Directive? {
        let run = context.run
        if event == .backwardEnd {
            // The update that these gradients are for has the next number.
            if watch.isDue(run, step: run.step + 1, isComplete: true) { watch.take(run.namedGradients) }
        } else if event == .trainBatchEnd {
            if context.logsAreReadLater { watch.writeFresh(context.logs) }
        } else if event == .epochEnd, !run.isFailing {
            watch.endEpoch(context.logs)
        }
        return nil
    }

    public var report: [String: StateValue] { watch.report }
    public var savedState: StateValue { watch.state }
    public func restore(_ state: StateValue, in run: Run) { watch.restore(state) }
}
