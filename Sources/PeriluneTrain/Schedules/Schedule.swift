/// A learning rate that follows from the number of steps done. Evaluated on the host before each step; the optimizer
/// multiplies it with its scale factor.
public protocol Schedule: Sendable {
    /// The learning rate of a step.
    /// - Parameter step: updates done before it, 0 or more.
    func value(at step: Int) -> Double
}
