public import PeriluneItems

/// One learning rate up to each boundary and the last one after it: `values[i]` for steps up to and with
/// `boundaries[i]`. Source: https://keras.io/api/optimizers/learning_rate_schedules/piecewise_constant_decay/
public struct PiecewiseConstantDecay: Schedule {
    public static let declaration = ScheduleDeclaration(
        "piecewise_constant_decay", try PiecewiseConstantDecay(boundaries: [], values: [0.1]),
        positional: [
            .required(
                "boundaries", \.boundaries, .list(.integer(atLeast: 0)), "the last step of each rate, rising"),
            .required(
                "values", \.values, .list(.number(.atLeast(0))), "the rates, one more than boundaries"),
        ],
        help: "One rate up to each boundary, the last one after it."
    ) {
        try PiecewiseConstantDecay(boundaries: $0[\.boundaries], values: $0[\.values])
    }

    public let boundaries: [Int]
    public let values: [Double]

    /// - Parameters:
    ///   - boundaries: steps, rising.
    ///   - values: one more than boundaries, each finite and 0 or more.
    /// - Throws: `TrainingError` where they are not so.
    public init(boundaries: [Int], values: [Double]) throws(TrainingError) {
        let check = OptionCheck("piecewise_constant_decay")
        try check.require(
            values.count == boundaries.count + 1, "values", "one more than the \(boundaries.count) boundaries",
            values.count)
        try check.require(
            zip(boundaries, boundaries.dropFirst()).allSatisfy { $0 < $1 }, "boundaries", "rising", boundaries)
        for value in values { try check.nonNegative("values", value) }
        self.boundaries = boundaries
        self.values = values
    }

    public func value(at step: Int) -> Double {
        for (boundary, value) in zip(boundaries, values) where step <= boundary { return value }
        return values[values.count - 1]
    }
}
