import PeriluneGraph
public import PeriluneItems

/// Sets a hyper-parameter of the optimizer by a function, at the start of each n-th epoch or before each n-th step.
///
/// The function takes the number of the epoch or step, from 1, and the value so far. A learning rate that follows a
/// schedule is scaled; during a warm-up the function sees and gives the rate without it.
public final class HyperparameterScheduler: Callback {
    public static let declaration = CallbackDeclaration(
        "hyperparameter_scheduler", try HyperparameterScheduler("momentum") { _, value in value ?? 0 },
        positional: [
            .required(
                "name", \.parameter, .string, "a hyper-parameter of the optimizer: \"momentum\", \"weight_decay\", …"),
            .required(
                "schedule", \.schedule, .function { function in { try function.number(for: $0, $1) } },
                "takes the epoch or step, from 1, and the value, nil where it is off; returns the new one"),
        ],
        options: [.judgedEvery(\.every), .verbose(\.isVerbose)],
        help: """
            Sets a hyper-parameter at the beginning of each epoch, or before each step, by a function.
            lune.hyperparameter_scheduler("momentum", function(epoch, value) return math.min(0.99, value + 0.01) end)
            """
    ) {
        try HyperparameterScheduler(
            $0[\.parameter], every: $0[\.every], verbose: $0[\.isVerbose], $0[\.schedule])
    }

    /// A function of the epoch or step, from 1, and the value so far, nil where it is switched off.
    public typealias Schedule = (_ index: Int, _ value: Double?) throws -> Double

    public let name: String
    /// The hyper-parameter: `learning_rate`, `momentum`, …
    public let parameter: String
    public let every: Frequency
    public let isVerbose: Bool
    let schedule: Schedule
    /// Updates before the run, and those before the step that was set last.
    private var (begun, last) = (0, -1)

    /// - Parameters:
    ///   - every: epochs or steps.
    ///   - schedule: gives a number in the range of the hyper-parameter; anything else is an error when it comes.
    /// - Throws: `TrainingError` for seconds, or a number below 1.
    public convenience init(
        _ parameter: String, every: Frequency = .epochs(1), verbose: Bool = false, _ schedule: @escaping Schedule
    ) throws(TrainingError) {
        let name = "hyperparameter_scheduler"
        try Self.check(every, for: name)
        self.init(parameter, name: name, checked: every, verbose: verbose, schedule)
    }

    static func check(_ every: Frequency, for name: String) throws(TrainingError) {
        try every.check(for: name)
        guard case .seconds = every else { return }
        throw TrainingError(.invalidOption, "\(name): 'every' must be epochs or { steps = n }, got seconds")
    }

    /// - Parameter every: what `check` has nothing against.
    init(
        _ parameter: String, name: String, checked every: Frequency, verbose: Bool, _ schedule: @escaping Schedule
    ) {
        self.parameter = parameter == "lr" ? "learning_rate" : parameter
        self.name = name
        self.every = every
        isVerbose = verbose
        self.schedule = schedule
    }
}

extension HyperparameterScheduler {
    public var identity: CallbackIdentity {
        CallbackIdentity(kind: name, .exactly(parameter), details: "\(every)")
    }

    public var events: EventSet {
        switch every {
        case .epochs, .seconds: [.epochBegin]
        case .steps: [.trainBatchBegin]
        }
    }

    public func prepare(for run: Run) throws {
        (begun, last) = (run.step, -1)
        guard !run.optimizer.names.contains(parameter) else { return }
        let names = run.optimizer.names
        throw TrainingError(
            .invalidOption,
            "\(name): \(run.optimizer.name) has no hyper-parameter '\(parameter)'"
                + NearestName.hint(parameter, among: names) + "; it has " + names.joined(separator: ", "))
    }

    public func onEpochBegin(_ epoch: Int, _ logs: Logs, _ run: Run) throws -> Directive? {
        guard case .epochs(let count) = every, (epoch - 1) % count == 0 else { return nil }
        return try set(epoch, "epoch", run)
    }

    public func onTrainBatchBegin(_ batch: Int, _ logs: Logs, _ run: Run) throws -> Directive? {
        // Several batches may make one step.
        guard case .steps(let count) = every, run.step != last, (run.step - begun) % count == 0 else { return nil }
        last = run.step
        return try set(run.step + 1, "step", run)
    }

    private func set(_ index: Int, _ unit: String, _ run: Run) throws -> Directive? {
        let isRate = parameter == "learning_rate"
        let old = isRate ? run.optimizer.fullLearningRate : run.optimizer.value(of: parameter)
        let new = try schedule(index, old)
        if isRate, !(new.isFinite && new >= 0) {
            throw DirectiveError(key: "lr", "the schedule must give a finite number of 0 or more, gave \(new.written)")
        }
        if isVerbose { run.say("\(unit) \(index): setting \(isRate ? "the learning rate" : parameter) to \(new)") }
        guard new != old else { return nil }
        // From or to 0 there is no factor, and the rate itself is set.
        guard isRate, run.optimizer.hasSchedule, let old, old > 0, new > 0 else {
            return .hyperparameter(parameter, new)
        }
        return .learningRateScale(new / old)
    }

    public var savedState: StateValue { ["begun": .integer(begun), "last": .integer(last)] }

    public func restore(_ state: StateValue, in run: Run) {
        begun = state["begun"]?.count ?? begun
        last = state["last"]?.integer ?? last
    }
}
