public import PeriluneGraph

/// Chooses the value of a weight at the start of training.
public protocol Initializer {
    /// Keras's name in snake_case: `glorot_uniform`.
    static var name: String { get }

    /// A float32 tensor of `shape`: the same for the same arguments, whatever was drawn before.
    /// - Parameters:
    ///   - seed: the run's seed.
    ///   - stream: which use of the seed this is, usually `Philox.stream(named: path)`.
    /// - Throws: `ModelError` where the initializer's options are out of range or it does not take the shape.
    func makeTensor(shape: Shape, seed: UInt64, stream: UInt64) throws -> Tensor
}
