public import PeriluneGraph
public import PeriluneItems

/// Keeps norms along `axes` between two bounds; `rate` says how far each step goes towards that
/// (keras.constraints.MinMaxNorm).
public struct MinMaxNorm: Constraint, Hashable, Sendable {
    public static let name = "min_max_norm"

    public static let declaration = ConstraintDeclaration(
        name, MinMaxNorm(),
        options: [
            .optional("min_value", \.minValue, .number(.atLeast(0)), "the least norm"),
            .optional("max_value", \.maxValue, .number(.atLeast(0)), "the largest norm"),
            .optional("rate", \.rate, .number(.within(0...1)), "how far a step goes"), .normAxes(\.axes),
        ],
        help: "Brings norms into a range."
    ) {
        try MinMaxNorm(
            minValue: $0[\.minValue], maxValue: $0[\.maxValue], rate: $0[\.rate], axes: $0[\.axes])
    }

    public let minValue: Float
    public let maxValue: Float
    public let rate: Float
    public let axes: [Int]

    public init(minValue: Float = 0, maxValue: Float = 1, rate: Float = 1, axes: [Int] = [0]) {
        self.minValue = minValue
        self.maxValue = maxValue
        self.rate = rate
        self.axes = axes
    }

    public func apply(_ weight: SymbolicTensor) throws -> SymbolicTensor {
        try Argument.finiteNotNegative("min_value of constraint 'min_max_norm'", minValue)
        try Argument.within("rate of constraint 'min_max_norm'", rate, 0...1)
        guard minValue <= maxValue, maxValue.isFinite else {
            throw ModelError(
                .invalidArgument,
                "constraint 'min_max_norm': min_value must be at most max_value, got \(minValue) and \(maxValue)")
        }
        let norms = try weight.norms(axes)
        let wanted = try norms.clipped(minValue, maxValue) * rate + norms * (1 - rate)
        return try weight * (wanted / (norms + NormEpsilon.value))
    }
}
