public import PeriluneGraph
public import PeriluneItems

/// Negative elements become 0 (keras.constraints.NonNeg).
public struct NonNeg: Constraint, Hashable, Sendable {
    public static let name = "non_neg"

    public static let declaration = ConstraintDeclaration(
        name, aliases: ["nonneg"], NonNeg(), help: "Replaces negative weights by 0."
    ) { _ in NonNeg() }

    public init() {}

    public func apply(_ weight: SymbolicTensor) throws -> SymbolicTensor { try weight.relu() }
}
