public import PeriluneGraph

/// Keeps a weight within bounds: applied to its new value at the end of each step.
public protocol Constraint {
    /// Keras's name: `max_norm`, `min_max_norm`, `non_neg`, `unit_norm`.
    static var name: String { get }

    /// The value of the same shape that satisfies the constraint.
    /// - Throws: `ModelError` where an option is out of range or the shape has no such axis.
    func apply(_ weight: SymbolicTensor) throws -> SymbolicTensor
}
