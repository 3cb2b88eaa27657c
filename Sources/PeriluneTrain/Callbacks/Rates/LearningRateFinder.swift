import Glibc
public import PeriluneData
import PeriluneGraph
public import PeriluneItems

/// Turns the fit that it is in into a learning-rate range test (Smith 2015, https://arxiv.org/abs/1506.01186): each
/// step has a larger rate than the one before, until the loss runs away. Then the fit ends, with weights, optimizer and
/// counters as they were before it.
///
/// It is asked after the other callbacks, so that its rates count, and that nothing of what others do to the weights at
/// the end stays. Savers have no place beside it: what they would write is of no use.
///
/// `Trainer.findLearningRate` is such a fit and nothing else.
public final class LearningRateFinder: Callback {
    public static let declaration = CallbackDeclaration(
        "lr_finder", Options(), of: { ($0 as? LearningRateFinder)?.options },
        options: [
            .optional("from", \.from, .number(.above(0)), "the first learning rate"),
            .optional("to", \.to, .number(.above(0)), "the last one"),
            .optional("steps", \.steps, .count(atLeast: 2), "how many rates are tried, a step each"),
            .optional(
                "smoothing", \.smoothing, .number(.within(0..<1)),
                "the share of the past in the average of losses"),
            .optional(
                "divergence", \.divergence, .number(.above(1)),
                "ends when the loss is so many times the least so far"),
            .optional("svg", \.svg, .string, "a file for a picture of the loss over the rate"),
            .optional("verbose", \.isVerbose, .boolean, "whether to say what it found"),
        ],
        help: """
            Makes a fit a learning-rate range test: rates from small to large, until the loss runs away.
            Then the fit ends, with everything as it was: to train, fit once more with the rate that it suggests.
            Tells rates, losses, smoothed, suggestion, tenth_of_minimum, minimum, diverged and plot. Savers have no \
            place
            beside it. model:find_lr(data) does it at once.
            lune.lr_finder { from = 1e-6, to = 1 }
            """
    ) { given in
        var options = try given.filled()
        options.svg = try options.svg.map { try given.opened($0, for: .write, "svg") }
        return try LearningRateFinder(options)
    }

    /// How the test goes.
    public struct Options: Hashable, Sendable {
        /// The first and the last rate, above 0; those between lie evenly on a logarithmic scale.
        public var from = 1e-7
        public var to = 10.0
        /// Updates of the weights, 2 or more.
        public var steps = 100
        /// The share of the past in the average of losses; 0 or more, below 1.
        public var smoothing = 0.98
        /// The test ends when the smoothed loss is so many times the least one; above 1.
        public var divergence = 4.0
        /// A file for a picture.
        public var svg: String?
        public var isVerbose = true

        public init() {}
    }

    public let options: Options
    public private(set) var sweep = LearningRateSweep()
    private var before: Snapshot?
    private var window = StepWindow(steps: 1)
    /// The least smoothed loss so far.
    private var least = Double.infinity

    /// What the fit goes back to.
    private struct Snapshot {
        var state: StateValue
        var settings: OptimizerSettings
        var schedule: (any Schedule)?
    }

    /// - Throws: `TrainingError` for a value out of range.
    public init(_ options: Options = Options()) throws(TrainingError) {
        let check = OptionCheck("lr_finder")
        try check.positive("from", options.from)
        try check.require(
            options.to.isFinite && options.to > options.from, "to", "a finite number above 'from', \(options.from)",
            options.to)
        try check.require(
            (options.to / options.from).isFinite, "from", "within 300 orders of magnitude of 'to', \(options.to)",
            options.from)
        try check.require(options.steps >= 2, "steps", "a whole number of 2 or more", options.steps)
        try check.require(
            options.smoothing >= 0 && options.smoothing < 1, "smoothing", "a number of 0 or more and below 1",
            options.smoothing)
        try check.require(
            options.divergence.isFinite && options.divergence > 1, "divergence", "a finite number above 1",
            options.divergence)
        self.options = options
    }
}

extension LearningRateFinder {
    public var name: String { "lr_finder" }
    public var order: CallbackOrder { .saver }

    public var events: EventSet { [.trainBegin, .trainBatchBegin, .trainBatchEnd, .trainEnd] }

    public func prepare(for run: Run) throws {
        (sweep, least, before) = (LearningRateSweep(), .infinity, nil)
        window.reset(at: run.step)
        guard !run.isResumed else {
            throw TrainingError(.invalidOption, "lr_finder: a range test is not resumed; leave out 'resume'")
        }
        if let saver = run.roles.lazy.compactMap(\.saver).first {
            throw TrainingError(
                .invalidOption,
                "lr_finder: a range test leaves no weights that are worth a checkpoint; "
                    + "leave out '\(saver.name)', or find the rate before the fit with model:find_lr(data)")
        }
        if let path = options.svg { try Folder.make(WholeFile.parts(of: path).folder) }
        // Others set rates and momenta as soon as the run begins.
        before = Snapshot(
            state: try run.engine.captureState(), settings: run.optimizer.settings, schedule: run.optimizer.schedule)
    }

    public func onTrainBegin(_ logs: Logs, _ run: Run) throws -> Directive? {
        // As many epochs as it takes; where that is not known, the test itself finds the end.
        let epochs = run.stepsPerEpoch.map { min(options.steps / max(1, $0), 1_000_000) + 1 } ?? 1_000_000
        let (last, overflows) = run.epoch.addingReportingOverflow(epochs)
        return overflows ? nil : .epochs(max(run.params.epochs, last))
    }

    public func onTrainBatchBegin(_ batch: Int, _ logs: Logs, _ run: Run) -> Directive? {
        run.optimizer.setLearningRate(rate(sweep.rates.count))
        run.optimizer.warmUpFactor = 1
        return nil
    }

    public func onTrainBatchEnd(_ batch: Int, _ logs: Logs, _ run: Run) -> Directive? {
        guard let loss = window.add(logs["loss"], after: run.step) else { return nil }
        sweep.add(rate: rate(sweep.rates.count), loss: loss, smoothing: options.smoothing)
        let smoothed = sweep.smoothed[sweep.smoothed.count - 1]
        sweep.hasDiverged = !smoothed.isFinite || least > 0 && smoothed > options.divergence * least
        least = min(least, smoothed)
        guard sweep.hasDiverged || sweep.rates.count >= options.steps else { return nil }
        return .stop("the learning-rate range test is done: \(sweep.summary)", now: true)
    }

    private func rate(_ index: Int) -> Double {
        let share = Double(min(index, options.steps - 1)) / Double(options.steps - 1)
        return options.from * pow(options.to / options.from, share)
    }

    /// Also after a failure: the weights of a range test are of no use.
    public func onTrainEnd(_ logs: Logs, _ run: Run) throws -> Directive? {
        guard let before else { return nil }
        self.before = nil
        try run.engine.restoreState(before.state, path: name)
        if let schedule = before.schedule { run.optimizer.setSchedule(schedule) }
        run.optimizer.adopt(before.settings)
        if options.isVerbose { run.say("lr_finder: \(sweep.summary)") }
        if let path = options.svg { try sweep.writeSVG(to: path) }
        return nil
    }

    public var report: [String: StateValue] {
        func number(_ value: Double?) -> StateValue { value.map { .number($0) } ?? .null }
        return [
            "rates": .init(sweep.rates), "losses": .init(sweep.losses), "smoothed": .init(sweep.smoothed),
            "suggestion": number(sweep.suggestion), "tenth_of_minimum": number(sweep.tenthOfMinimum),
            "minimum": number(sweep.minimum.map { sweep.rates[$0] }), "diverged": .boolean(sweep.hasDiverged),
            "plot": .text(sweep.plot),
        ]
    }
}

extension Trainer {
    /// Tries learning rates from small to large, and leaves everything as it was.
    /// - Throws: as `fit`, and for options out of range.
    public func findLearningRate(
        _ data: Dataset, _ options: LearningRateFinder.Options = .init(), batchSize: Int? = nil
    ) throws -> LearningRateSweep {
        let finder = try LearningRateFinder(options)
        let streams = (fitCount, lastEpoch)
        defer { (fitCount, lastEpoch) = streams }
        try fit(data, epochs: 1, batchSize: batchSize, callbacks: [finder], verbose: .silent)
        return finder.sweep
    }
}
