public import PeriluneGraph

/// A state of the optimizer for one parameter: a moment, an accumulator, a velocity.
public struct SlotDeclaration: Hashable, Sendable {
    /// What a state is before the first step.
    public enum Initial: Hashable, Sendable {
        /// All elements are this number.
        case value(Float)
        /// The parameter as it is when the state is made; the state has its shape.
        case parameter
    }

    public let name: String
    /// nil: that of the parameter.
    public let shape: Shape?
    public let initial: Initial

    public init(_ name: String, shape: Shape? = nil, initial: Initial = .value(0)) {
        self.name = name
        self.shape = shape
        self.initial = initial
    }
}
