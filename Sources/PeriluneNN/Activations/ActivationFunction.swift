public import PeriluneGraph

/// What an activation does, with its parameters.
public protocol ActivationFunction: Hashable, Sendable, SendableMetatype {
    /// Keras's name in snake_case: `leaky_relu`.
    static var name: String { get }

    /// What the results are to a loss.
    var result: ActivationResult { get }

    /// - Throws: `ModelError.invalidArgument` where a parameter is out of range.
    func validate() throws

    /// Emits the function, of a float32 tensor of any rank from 1. The result has the same shape, unless the function
    /// says otherwise.
    /// - Throws: `ModelError` where the shape is not one that it takes.
    func apply(_ x: SymbolicTensor) throws -> SymbolicTensor
}

extension ActivationFunction {
    /// Every value of its parameters is one that it takes.
    public func validate() throws {}
}
