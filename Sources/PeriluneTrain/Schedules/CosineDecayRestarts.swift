import Glibc
public import PeriluneItems

/// Half a cosine from `initial` down to `alpha` times it, again and again: each fall takes `tMul` times as long as the
/// one before and begins `mMul` times as high (Loshchilov and Hutter 2017). Source:
/// https://keras.io/api/optimizers/learning_rate_schedules/cosine_decay_restarts/
public struct CosineDecayRestarts: Schedule {
    public static let declaration = ScheduleDeclaration(
        "cosine_decay_restarts", try CosineDecayRestarts(initial: 0.1, firstDecaySteps: 1),
        positional: [
            .initialRate(\.initial),
            .required(
                "first_decay_steps", \.firstDecaySteps, .integer(atLeast: 1), "how many steps the first fall takes"),
        ],
        options: [
            .optional("t_mul", \.tMul, .number(.atLeast(1)), "each fall takes so many times as long"),
            .optional("m_mul", \.mMul, .number(.atLeast(0)), "each fall begins so many times as high"),
            .optional("alpha", \.alpha, .number(.atLeast(0)), "the last rate as a share of the first"),
        ],
        help: "Half a cosine, again and again."
    ) {
        try CosineDecayRestarts(
            initial: $0[\.initial], firstDecaySteps: $0[\.firstDecaySteps], tMul: $0[\.tMul], mMul: $0[\.mMul],
            alpha: $0[\.alpha])
    }

    public let initial: Double
    public let firstDecaySteps: Int
    public let tMul: Double
    public let mMul: Double
    public let alpha: Double

    /// - Parameters:
    ///   - initial: finite, 0 or more.
    ///   - firstDecaySteps: 1 or more.
    ///   - tMul: finite, 1 or more.
    ///   - mMul: finite, 0 or more.
    ///   - alpha: finite, 0 or more.
    /// - Throws: `TrainingError` for a value out of range.
    public init(
        initial: Double, firstDecaySteps: Int, tMul: Double = 2, mMul: Double = 1, alpha: Double = 0
    ) throws(TrainingError) {
        try self.init(
            initial: initial, firstDecaySteps: firstDecaySteps, tMul: tMul, mMul: mMul, alpha: alpha,
            name: "cosine_decay_restarts")
    }

    init(
        initial: Double, firstDecaySteps: Int, tMul: Double, mMul: Double, alpha: Double, name: String
    ) throws(TrainingError) {
        let check = OptionCheck(name)
        try check.nonNegative("initial_learning_rate", initial)
        try check.positive("first_decay_steps", firstDecaySteps)
        try check.require(tMul.isFinite && tMul >= 1, "t_mul", "a finite number of 1 or more", tMul)
        try check.nonNegative("m_mul", mMul)
        try check.nonNegative("alpha", alpha)
        self.initial = initial
        self.firstDecaySteps = firstDecaySteps
        self.tMul = tMul
        self.mMul = mMul
        self.alpha = alpha
    }

    public func value(at step: Int) -> Double {
        let (number, share) = fall(Double(step) / Double(firstDecaySteps))
        return initial * ((1 - alpha) * 0.5 * pow(mMul, number) * (1 + cos(Double.pi * share)) + alpha)
    }

    /// Which fall it is, from 0, and how much of it is done.
    private func fall(_ done: Double) -> (number: Double, share: Double) {
        guard tMul > 1 else { return (done.rounded(.down), done - done.rounded(.down)) }
        /// Where a fall begins, in lengths of the first.
        func start(_ number: Double) -> Double { (pow(tMul, number) - 1) / (tMul - 1) }
        var number = (log(1 + done * (tMul - 1)) / log(tMul)).rounded(.down)
        // So long that the second one has no end.
        guard number.isFinite else { return (1, 0) }
        // The logarithm may miss a whole number by a hair.
        if start(number + 1) <= done { number += 1 }
        if number > 0, start(number) > done { number -= 1 }
        return (number, (done - start(number)) / pow(tMul, number))
    }
}
