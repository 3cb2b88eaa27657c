import Glibc
public import PeriluneItems

/// From `initial` to `end` in `decaySteps` steps along `(1 - step / decaySteps)^power`, then `end`; with `cycle` the
/// span stretches to the next multiple of `decaySteps` each time it is passed.
/// Source: https://keras.io/api/optimizers/learning_rate_schedules/polynomial_decay/
public struct PolynomialDecay: Schedule {
    public static let declaration = ScheduleDeclaration(
        "polynomial_decay", try PolynomialDecay(initial: 0.1, decaySteps: 1),
        positional: [
            .initialRate(\.initial),
            .decaySteps(\.decaySteps),
        ],
        options: [
            .optional("end_learning_rate", \.end, .number(.atLeast(0)), "the last rate"),
            .optional("power", \.power, .number(.above(0)), "1 is a straight line"),
            .optional("cycle", \.cycle, .boolean, "whether to start again"),
        ],
        help: "From the first rate to the last in decay_steps."
    ) {
        try PolynomialDecay(
            initial: $0[\.initial], decaySteps: $0[\.decaySteps], end: $0[\.end], power: $0[\.power],
            cycle: $0[\.cycle])
    }

    public let initial: Double
    public let decaySteps: Int
    public let end: Double
    public let power: Double
    public let cycle: Bool

    /// - Parameters:
    ///   - initial: finite, 0 or more.
    ///   - decaySteps: 1 or more.
    ///   - end: finite, 0 or more.
    ///   - power: finite, above 0.
    /// - Throws: `TrainingError` for a value out of range.
    public init(
        initial: Double, decaySteps: Int, end: Double = 0.0001, power: Double = 1, cycle: Bool = false
    ) throws(TrainingError) {
        let check = OptionCheck("polynomial_decay")
        try check.nonNegative("initial_learning_rate", initial)
        try check.positive("decay_steps", decaySteps)
        try check.nonNegative("end_learning_rate", end)
        try check.positive("power", power)
        self.initial = initial
        self.decaySteps = decaySteps
        self.end = end
        self.power = power
        self.cycle = cycle
    }

    public func value(at step: Int) -> Double {
        let (step, once) = (Double(step), Double(decaySteps))
        let span = cycle ? once * max(1, (step / once).rounded(.up)) : once
        let fraction = min(step, span) / span
        return (initial - end) * pow(1 - fraction, power) + end
    }
}
