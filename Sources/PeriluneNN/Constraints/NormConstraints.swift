public import PeriluneGraph

/// Scales down what is longer than `maxValue` along `axes` (keras.constraints.MaxNorm).
///
/// Axis 0 is right for a dense kernel [in, out]: each unit's incoming weights. For a convolution kernel it is [0, 1, 2].
public struct MaxNorm: Constraint, Hashable, Sendable {
    public static let name = "max_norm"

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

/// Keeps norms along `axes` between two bounds; `rate` says how far each step goes towards that
/// (keras.constraints.MinMaxNorm).
public struct MinMaxNorm: Constraint, Hashable, Sendable {
    public static let name = "min_max_norm"

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

/// Scales to a norm of 1 along `axes` (keras.constraints.UnitNorm).
public struct UnitNorm: Constraint, Hashable, Sendable {
    public static let name = "unit_norm"

    public let axes: [Int]

    public init(axes: [Int] = [0]) { self.axes = axes }

    public func apply(_ weight: SymbolicTensor) throws -> SymbolicTensor {
        try weight / (weight.norms(axes) + NormEpsilon.value)
    }
}

/// Negative elements become 0 (keras.constraints.NonNeg).
public struct NonNeg: Constraint, Hashable, Sendable {
    public static let name = "non_neg"

    public init() {}

    public func apply(_ weight: SymbolicTensor) throws -> SymbolicTensor { try weight.relu() }
}

enum NormEpsilon {
    /// Keras's epsilon, added to norms before a division.
    static let value: Float = 1e-7
}

extension SymbolicTensor {
    fileprivate func norms(_ axes: [Int]) throws -> SymbolicTensor {
        try squared().sum(axes, keepingAxes: true).squareRoot()
    }
}
