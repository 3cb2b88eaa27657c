import Glibc
public import PeriluneItems

/// `initial · rate^(step / decaySteps)`, in whole powers where it is a staircase.
/// Source: https://keras.io/api/optimizers/learning_rate_schedules/exponential_decay/
public struct ExponentialDecay: Schedule {
    public static let declaration = ScheduleDeclaration(
        "exponential_decay", try ExponentialDecay(initial: 0.1, decaySteps: 1, rate: 0.9),
        positional: [
            .initialRate(\.initial),
            .decaySteps(\.decaySteps),
            .required("decay_rate", \.rate, .number(.above(0)), "the factor of each span of steps"),
        ],
        options: [
            .optional("staircase", \.staircase, .boolean, "whether to go in whole spans")
        ],
        help: "initial * decay_rate ^ (step / decay_steps)."
    ) {
        try ExponentialDecay(
            initial: $0[\.initial], decaySteps: $0[\.decaySteps], rate: $0[\.rate], staircase: $0[\.staircase])
    }

    public let initial: Double
    public let decaySteps: Int
    public let rate: Double
    public let staircase: Bool

    /// - Parameters:
    ///   - initial: finite, 0 or more.
    ///   - decaySteps: 1 or more.
    ///   - rate: finite, above 0.
    /// - Throws: `TrainingError` for a value out of range.
    public init(initial: Double, decaySteps: Int, rate: Double, staircase: Bool = false) throws(TrainingError) {
        let check = OptionCheck("exponential_decay")
        try check.nonNegative("initial_learning_rate", initial)
        try check.positive("decay_steps", decaySteps)
        try check.positive("decay_rate", rate)
        self.initial = initial
        self.decaySteps = decaySteps
        self.rate = rate
        self.staircase = staircase
    }

    public func value(at step: Int) -> Double {
        let power = Double(step) / Double(decaySteps)
        return initial * pow(rate, staircase ? power.rounded(.down) : power)
    }
}
