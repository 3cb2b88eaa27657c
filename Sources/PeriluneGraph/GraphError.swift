/// A fault found while a graph is built: which operation, on what shapes, and which rule was broken.
public struct GraphError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of fault, for programs that want to react to it.
    public enum Code: Hashable, Sendable {
        /// Operand shapes do not fit each other or the operation.
        case shapeMismatch
        /// An operand has an element type that the operation does not take.
        case typeMismatch
        /// An attribute (axis, kernel size, stride, …) is out of range.
        case invalidAttribute
        /// The value has no gradient with respect to what was asked.
        case notDifferentiable
    }

    public let code: Code
    /// What broke which rule, with the shapes: `matmul: inner extents differ: [32, 64] x [128, 10]`.
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}
