public import PeriluneItems

/// `initial / (1 + rate · step / decaySteps)`, in whole spans where it is a staircase.
/// Source: https://keras.io/api/optimizers/learning_rate_schedules/inverse_time_decay/
public struct InverseTimeDecay: Schedule {
    public static let declaration = ScheduleDeclaration(
        "inverse_time_decay", try InverseTimeDecay(initial: 0.1, decaySteps: 1, rate: 0.5),
        positional: [
            .initialRate(\.initial),
            .decaySteps(\.decaySteps),
            .required("decay_rate", \.rate, .number(.atLeast(0)), "how much each span of steps adds to the divisor"),
        ],
        options: [
            .optional("staircase", \.staircase, .boolean, "whether to go in whole spans")
        ],
        help: "initial / (1 + decay_rate * step / decay_steps)."
    ) {
        try InverseTimeDecay(
            initial: $0[\.initial], decaySteps: $0[\.decaySteps], rate: $0[\.rate], staircase: $0[\.staircase])
    }

    public let initial: Double
    public let decaySteps: Int
    public let rate: Double
    public let staircase: Bool

    /// - Parameters:
    ///   - initial: finite, 0 or more.
    ///   - decaySteps: 1 or more.
    ///   - rate: finite, 0 or more.
    /// - Throws: `TrainingError` for a value out of range.
    public init(initial: Double, decaySteps: Int, rate: Double, staircase: Bool = false) throws(TrainingError) {
        let check = OptionCheck("inverse_time_decay")
        try check.nonNegative("initial_learning_rate", initial)
        try check.positive("decay_steps", decaySteps)
        try check.nonNegative("decay_rate", rate)
        self.initial = initial
        self.decaySteps = decaySteps
        self.rate = rate
        self.staircase = staircase
    }

    public func value(at step: Int) -> Double {
        let spans = Double(step) / Double(decaySteps)
        return initial / (1 + rate * (staircase ? spans.rounded(.down) : spans))
    }
}
