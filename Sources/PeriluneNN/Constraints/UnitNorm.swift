public import PeriluneGraph
public import PeriluneItems

/// Scales to a norm of 1 along `axes` (keras.constraints.UnitNorm).
public struct UnitNorm: Constraint, Hashable, Sendable {
    public static let name = "unit_norm"

    public static let declaration = ConstraintDeclaration(
        name, UnitNorm(), options: [.normAxes(\.axes)], help: "Makes every norm 1."
    ) { try UnitNorm(axes: $0[\.axes]) }

    public let axes: [Int]

    public init(axes: [Int] = [0]) { self.axes = axes }

    public func apply(_ weight: SymbolicTensor) throws -> SymbolicTensor {
        try weight / (weight.norms(axes) + NormEpsilon.value)
    }
}
