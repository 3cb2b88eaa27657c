public import PeriluneGraph
public import PeriluneItems

/// Scales down what is longer than `maxValue` along `axes` (keras.constraints.MaxNorm).
///
/// Axis 0 is right for a dense kernel [in, out]: each unit's incoming weights. For a convolution kernel it is [0, 1,
/// 2].
public struct MaxNorm: Constraint, Hashable, Sendable {
    public static let name = "max_norm"

    public static let declaration = ConstraintDeclaration(
        name, MaxNorm(),
        positional: [.optional("max_value", \.maxValue, .number(.atLeast(0)), "the largest norm")],
        options: [.normAxes(\.axes)], help: "Scales down what is longer than a norm."
    ) { try MaxNorm($0[\.maxValue], axes: $0[\.axes]) }

    public let maxValue: Float
    public let axes: [Int]

    public init(_ maxValue: Float = 2, axes: [Int] = [0]) {
        self.maxValue = maxValue
        self.axes = axes
    }

    public func apply(_ weight: SymbolicTensor) throws -> SymbolicTensor {
        try Argument.finiteNotNegative("max_value of constraint 'max_norm'", maxValue)
        let norms = try weight.norms(axes)
        return try weight * (norms.clipped(0, maxValue) / (norms + NormEpsilon.value))
    }
}
