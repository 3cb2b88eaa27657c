/// A fault found while a program is compiled or set up. Nothing of the caller's state has changed when it is thrown.
public struct RuntimeError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: Hashable, Sendable {
        /// A tensor does not have the shape or element type that the program or variable has.
        case specMismatch
        /// The kernel library refuses an operation.
        case kernelRefused
        /// There is not enough memory.
        case outOfMemory
    }

    public let code: Code
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }

    /// The same, saying where the operation is from that failed: the path of a layer, say.
    func located(at origin: String?) -> RuntimeError {
        origin.map { RuntimeError(code, "layer '\($0)': \(message)") } ?? self
    }
}
