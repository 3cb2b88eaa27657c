import PeriluneGraph
public import PeriluneItems

/// Goes back to the last good state when the loss jumps up or is no number, and goes on from there.
///
/// A good state (weights, the optimizer's memory, averages of the weights) is kept in memory: a copy is made every so
/// often, and counts as good once the loss of the batch after it is. On a fault the run goes back to it, the learning
/// rate is lowered, the batch leaves no trace in the metrics, and the data go on behind it: epoch, step and schedule go
/// on too. After `maxTimes` the run goes back once more and stops. A callback that sets the learning rate itself at
/// each epoch or step undoes the lowering, unless it goes on from the rate that it finds, as `OneCycle` and
/// `CosineRestarts` do.
///
/// After the practice for large models, to restart from before a loss spike and skip the batches around it: Chowdhery
/// et al. 2022, "PaLM", section 5.1 (https://arxiv.org/abs/2204.02311). Two copies of the state are part of each
/// checkpoint.
public final class Rollback: Callback {
    public static let declaration = CallbackDeclaration(
        "rollback", Options(), of: { ($0 as? Rollback)?.options },
        options: [
            .optional("monitor", \.monitor, .string, "what is watched in the logs of batches"),
            .optional(
                "spike", \.spike, .spike,
                "how many times its running mean makes a spike; false: no value does"),
            .optional("on_nan", \.onNaN, .boolean, "whether to go back on NaN and infinity"),
            .optional("every", \.every, .frequency, "how often a good state is kept"),
            .optional(
                "lr_scale", \.learningRateScale, .number(),
                "what the learning rate is multiplied with each time"),
            .optional(
                "max_times", \.maxTimes, .count(atLeast: 0), "how many times before it stops the run"),
            .optional(
                "skip", \.skip, .count(atLeast: 0), "batches after the faulty one to leave out as well"),
            .optional(
                "window", \.window, .count(atLeast: 1), "batches that the running mean goes over"),
            .optional("warm_up", \.warmUp, .count(atLeast: 1), "batches before a value can be a spike"),
        ],
        help: """
            Goes back to the last good state, which it keeps in memory, when the loss jumps up or is NaN.
            Then it lowers the learning rate and goes on behind the faulty batch.
            lune.rollback { spike = 5, every = { steps = 100 }, max_times = 3 }
            """
    ) { try Rollback($0.filled()) }

    public struct Options: Sendable {
        /// What is watched in the logs of batches: a metric of the batch, or its `running_` form.
        public var monitor = "loss"
        /// How many times its running mean the value must exceed to be a spike; above 1. Nil: no value is.
        public var spike: Double? = 3
        /// Whether NaN and infinity are faults.
        public var onNaN = true
        /// How often a state is kept.
        public var every = Frequency.steps(50)
        /// What the learning rate is multiplied with each time; above 0, at most 1.
        public var learningRateScale = 0.5
        /// How many times it goes back before it stops the run; 0 or more.
        public var maxTimes = 3
        /// How many batches after the faulty one are left out as well; 0 or more.
        public var skip = 0
        /// Over about how many batches the running mean goes; 1 or more.
        public var window = 100
        /// Batches at the start before a value can be a spike; 1 or more.
        public var warmUp = 10

        public init() {}
    }

    /// One time that the run went back.
    public struct Return: Hashable, Sendable {
        public var epoch: Int
        public var batch: Int
        public var value: Double
        /// The update whose state it went back to.
        public var step: Int
    }

    public let options: Options
    /// Each time that the run went back, the last one before a stop among them.
    public internal(set) var returns: [Return] = []
    /// The last state that has proven good.
    var good: Snapshot?
    /// One that has yet to.
    var candidate: Snapshot?
    var mean = RunningMean()
    /// Batches to leave out.
    var skipsLeft = 0
    /// When a state was kept last.
    var lastEpoch = 0
    var lastCapture = ContinuousClock.now

    /// - Throws: `TrainingError` for an option out of range.
    public init(_ options: Options = Options()) throws(TrainingError) {
        self.options = options
        let check = OptionCheck("rollback")
        if let spike = options.spike {
            try check.require(spike.isFinite && spike > 1, "spike", "a finite number above 1", spike)
        }
        try options.every.check(for: "rollback")
        let scale = options.learningRateScale
        try check.require(scale > 0 && scale <= 1, "lr_scale", "a number above 0 and at most 1", scale)
        try check.nonNegative("max_times", options.maxTimes)
        try check.nonNegative("skip", options.skip)
        try check.positive("window", options.window)
        try check.positive("warm_up", options.warmUp)
        try check.require(
            options.onNaN || options.spike != nil, "on_nan", "true where there is no 'spike'", options.onNaN)
    }

    /// A mean in which older values count less and less.
    struct RunningMean {
        var sum = 0.0
        var weight = 0.0
        var count = 0
        var value: Double { weight > 0 ? sum / weight : .nan }

        mutating func add(_ value: Double, window: Int) {
            let share = 1 / Double(window)
            sum += (value - sum) * share
            weight += (1 - weight) * share
            count += 1
        }
    }
}

extension Rollback {
    public var name: String { "rollback" }
    public var identity: CallbackIdentity {
        CallbackIdentity(kind: name, .exactly(options.monitor), details: "\(options.every) \(options.window)")
    }

    public var events: EventSet {
        EventSet([.trainBegin, .trainBatchEnd, .trainEnd]).adding([.trainBatchBegin], if: options.skip > 0)
    }

    public func prepare(for run: Run) throws {
        (returns, good, candidate, mean, skipsLeft, lastEpoch) = ([], nil, nil, RunningMean(), 0, 0)
        lastCapture = .now
        let metrics = run.engine.metrics.map(\.name)
        let known = metrics + metrics.map { "running_" + $0 }
        guard !known.contains(options.monitor) else { return }
        throw TrainingError(
            .unknownMonitor,
            "the logs of a batch have no '\(options.monitor)'\(NearestName.hint(options.monitor, among: known)); there "
                + "are \(known.joined(separator: ", "))")
    }

    public func onTrainBegin(_ logs: Logs, _ run: Run) throws -> Directive? {
        good = try Snapshot(of: run)
        lastEpoch = run.epoch
        return nil
    }

    public func onTrainBatchBegin(_ batch: Int, _ logs: Logs, _ run: Run) throws -> Directive? {
        guard skipsLeft > 0 else { return nil }
        skipsLeft -= 1
        return .skip
    }

    public func onTrainBatchEnd(_ batch: Int, _ logs: Logs, _ run: Run) throws -> Directive? {
        guard !run.isFailing, let value = logs[options.monitor] else { return nil }
        if let fault = fault(value, batch, run) { return try goBack(fault, value, run) }
        guard value.isFinite else { return nil }
        mean.add(value, window: options.window)
        if let candidate { good = candidate }
        candidate = nil
        if isDue(run) {
            candidate = try Snapshot(of: run)
            (lastEpoch, lastCapture) = (run.epoch, .now)
        }
        return nil
    }

    /// What is wrong with a value, in words; nil where nothing is.
    private func fault(_ value: Double, _ batch: Int, _ run: Run) -> String? {
        // Written out where there is a fault only: this runs for each batch.
        var place: String { "the \(options.monitor) of epoch \(run.epoch), batch \(batch) is \(value.written)" }
        guard value.isFinite else { return options.onNaN ? place : nil }
        guard let spike = options.spike, mean.count >= options.warmUp, mean.value > 0, value > spike * mean.value else {
            return nil
        }
        return place + ", more than \(spike) times its mean of \(mean.value)"
    }

    /// Between updates only: half an update cannot be kept.
    private func isDue(_ run: Run) -> Bool {
        guard run.isStepComplete else { return false }
        if case .epochs(let count) = options.every { return run.epoch - lastEpoch >= count }
        return options.every.isDue(after: run, since: lastCapture)
    }

    private func goBack(_ fault: String, _ value: Double, _ run: Run) throws -> Directive? {
        guard let good else { return nil }
        let times = returns.count
        try good.restore(in: run)
        run.requests.forgetsBatch = true
        candidate = nil
        returns.append(Return(epoch: run.epoch, batch: run.batch, value: value, step: good.step))
        let text = "\(fault); back to the state of step \(good.step)"
        guard times < options.maxTimes else {
            return .stop("rollback: \(text), and no further: it has gone back \(times) times before")
        }
        skipsLeft = options.skip
        run.say(
            "rollback: \(text), learning rate times \(options.learningRateScale) (\(times + 1) of \(options.maxTimes))")
        return options.learningRateScale == 1 ? nil : .learningRateScale(options.learningRateScale)
    }

    public func onTrainEnd(_ logs: Logs, _ run: Run) throws -> Directive? {
        (good, candidate) = (nil, nil)
        return nil
    }
}

extension OptionForm where Value == Double? {
    /// A number; false for none, and true for the usual one.
    fileprivate static var spike: Self {
        let number = OptionForm<Double>.number(.above(1))
        return Self(.either(number.type, .boolean)) { spike in
            spike.map(number.write) ?? .boolean(false)
        } read: { input in
            guard case .value(.boolean(let isOn)) = input else { return try number.read(input).map { .some($0) } }
            return .some(isOn ? Rollback.Options().spike : nil)
        }
    }
}
