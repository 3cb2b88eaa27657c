public import PeriluneGraph

/// Adds to the loss by the size of a weight or of a layer's output.
public protocol Regularizer {
    /// Keras's name: `l1`, `l2`, `l1_l2`, `orthogonal`.
    static var name: String { get }

    /// The scalar that is added to the loss.
    /// - Throws: `ModelError` where an option is out of range or the shape is not taken.
    func penalty(_ x: SymbolicTensor) throws -> SymbolicTensor
}
