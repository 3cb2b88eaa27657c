/// Sets the learning rate at the start of each epoch from a function of the epoch and the rate so far.
///
/// As Keras's `LearningRateScheduler`, with epochs counted from 1. Where the optimizer follows a schedule, what the
/// function returns scales it.
public final class LearningRateScheduler: Callback {
    public let isVerbose: Bool
    private let schedule: (_ epoch: Int, _ learningRate: Double) throws -> Double

    /// - Parameter schedule: gives a finite number of 0 or more; anything else is an error when it comes.
    public init(verbose: Bool = false, _ schedule: @escaping (_ epoch: Int, _ learningRate: Double) throws -> Double) {
        isVerbose = verbose
        self.schedule = schedule
    }

    public var name: String { "learning_rate_scheduler" }

    public func listens(to event: Event) -> Bool { event == .epochBegin }

    public func onEpochBegin(_ epoch: Int, _ logs: Logs, _ run: Run) throws -> Directive? {
        let old = run.optimizer.learningRate
        let new = try schedule(epoch, old)
        guard new.isFinite, new >= 0 else {
            throw DirectiveError(key: "lr", "the schedule must give a finite number of 0 or more, gave \(new)")
        }
        if isVerbose { run.say("epoch \(epoch): setting the learning rate to \(new)") }
        // From or to 0 there is no factor, and the rate itself is set.
        guard run.optimizer.hasSchedule, old > 0, new > 0 else { return new == old ? nil : .learningRate(new) }
        return new == old ? nil : .learningRateScale(new / old)
    }
}
