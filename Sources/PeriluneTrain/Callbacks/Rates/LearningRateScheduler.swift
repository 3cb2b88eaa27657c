public import PeriluneItems

/// Sets the learning rate from a function of the epoch and the rate so far, at the start of each epoch, or of the step
/// with `every` in steps.
///
/// As Keras's `LearningRateScheduler` (https://keras.io/api/callbacks/learning_rate_scheduler/), with epochs and steps
/// counted from 1. Where the optimizer follows a schedule, what the function returns scales it.
public final class LearningRateScheduler: Callback {
    public static let declaration = CallbackDeclaration(
        "learning_rate_scheduler", LearningRateScheduler { _, rate in rate },
        positional: [
            .required(
                "schedule", \.schedule, .schedule,
                "takes the epoch or step, from 1, and the learning rate; returns the new one. Or one of lune.schedules")
        ],
        options: [.judgedEvery(\.every), .verbose(\.isVerbose)],
        help: """
            Sets the learning rate at the beginning of each epoch, or before each step, by a function.
            lune.learning_rate_scheduler(function(epoch, lr) return epoch < 10 and lr or lr * 0.9 end)
            """
    ) { try LearningRateScheduler(every: $0[\.every], verbose: $0[\.isVerbose], $0[\.schedule]) }

    private let inner: HyperparameterScheduler

    /// A function of the epoch or step, from 1, and the rate so far. Gives a finite number of 0 or more; anything else
    /// is an error when it comes.
    public typealias Schedule = (_ index: Int, _ learningRate: Double) throws -> Double

    /// Sets the rate at the start of each epoch.
    public convenience init(verbose: Bool = false, _ schedule: @escaping Schedule) {
        self.init(checked: .epochs(1), verbose: verbose, schedule)
    }

    /// - Parameter every: epochs or steps.
    /// - Throws: `TrainingError` for seconds, or a number below 1.
    public convenience init(
        every: Frequency, verbose: Bool = false, _ schedule: @escaping Schedule
    ) throws(TrainingError) {
        try HyperparameterScheduler.check(every, for: "learning_rate_scheduler")
        self.init(checked: every, verbose: verbose, schedule)
    }

    private init(checked every: Frequency, verbose: Bool, _ schedule: @escaping Schedule) {
        inner = HyperparameterScheduler(
            "learning_rate", name: "learning_rate_scheduler", checked: every, verbose: verbose
        ) { try schedule($0, $1 ?? 0) }
    }
}

extension LearningRateScheduler {
    public var name: String { inner.name }
    public var identity: CallbackIdentity { inner.identity }
    public var isVerbose: Bool { inner.isVerbose }
    public var every: Frequency { inner.every }
    public var savedState: StateValue { inner.savedState }
    public var events: EventSet { inner.events }
    public func prepare(for run: Run) throws { try inner.prepare(for: run) }
    public func handle(_ event: Event, _ context: EventContext) throws -> Directive? {
        try inner.handle(event, context)
    }
    public func restore(_ state: StateValue, in run: Run) { inner.restore(state, in: run) }
}

extension LearningRateScheduler {
    fileprivate var schedule: Schedule { { [inner] in try inner.schedule($0, $1) } }
}

extension OptionForm where Value == LearningRateScheduler.Schedule {
    /// A function, or a schedule, which counts from 0.
    fileprivate static var schedule: Self {
        let function = OptionForm.function { function in { try function.number(for: $0, $1) } }
        return Self(.either(function.type, .host(ScheduleCatalogue.kind)), write: function.write) { input in
            guard case .made(let schedule as any Schedule) = input else { return try function.read(input) }
            return { index, _ in schedule.value(at: index - 1) }
        }
    }
}
