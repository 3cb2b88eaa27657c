import Glibc
public import PeriluneItems

/// Half a cosine from `initial` down to `alpha` times it in `decaySteps` steps (Loshchilov and Hutter 2017), after an
/// optional straight warm-up from `initial` to `warmupTarget` in `warmupSteps` steps; with one, the cosine starts at
/// the target. Source: https://keras.io/api/optimizers/learning_rate_schedules/cosine_decay/
public struct CosineDecay: Schedule {
    public static let declaration = ScheduleDeclaration(
        "cosine_decay", try CosineDecay(initial: 0.1, decaySteps: 1),
        positional: [
            .initialRate(\.initial),
            .decaySteps(\.decaySteps),
        ],
        options: [
            .optional("alpha", \.alpha, .number(.atLeast(0)), "the last rate as a share of the first"),
            .optional(
                "warmup_target", \.warmupTarget, .number(.atLeast(0)), "the rate at the end of the warm-up"),
            .optional("warmup_steps", \.warmupSteps, .integer(atLeast: 0), "how long the warm-up is"),
        ],
        help: "Half a cosine, after a straight warm-up if asked."
    ) {
        try CosineDecay(
            initial: $0[\.initial], decaySteps: $0[\.decaySteps], alpha: $0[\.alpha],
            warmupTarget: $0[\.warmupTarget], warmupSteps: $0[\.warmupSteps])
    }

    public let initial: Double
    public let decaySteps: Int
    public let alpha: Double
    /// nil: no warm-up.
    public let warmupTarget: Double?
    public let warmupSteps: Int

    /// - Parameters:
    ///   - initial: finite, 0 or more.
    ///   - decaySteps: 1 or more.
    ///   - alpha: finite, 0 or more.
    ///   - warmupTarget: finite, 0 or more.
    ///   - warmupSteps: 0 or more; needs a target to have an effect, as in Keras.
    /// - Throws: `TrainingError` for a value out of range.
    public init(
        initial: Double, decaySteps: Int, alpha: Double = 0, warmupTarget: Double? = nil, warmupSteps: Int = 0
    ) throws(TrainingError) {
        let check = OptionCheck("cosine_decay")
        try check.nonNegative("initial_learning_rate", initial)
        try check.positive("decay_steps", decaySteps)
        try check.nonNegative("alpha", alpha)
        if let warmupTarget { try check.nonNegative("warmup_target", warmupTarget) }
        try check.nonNegative("warmup_steps", warmupSteps)
        self.initial = initial
        self.decaySteps = decaySteps
        self.alpha = alpha
        self.warmupTarget = warmupTarget
        self.warmupSteps = warmupSteps
    }

    public func value(at step: Int) -> Double {
        guard let warmupTarget else { return decayed(initial, at: step) }
        guard step < warmupSteps else { return decayed(warmupTarget, at: step - warmupSteps) }
        return initial + (warmupTarget - initial) * Double(step) / Double(warmupSteps)
    }

    private func decayed(_ peak: Double, at step: Int) -> Double {
        let fraction = Double(min(step, decaySteps)) / Double(decaySteps)
        return peak * ((1 - alpha) * 0.5 * (1 + cos(Double.pi * fraction)) + alpha)
    }
}
