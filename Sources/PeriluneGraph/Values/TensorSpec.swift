/// What is known of a tensor before it has values: its shape and element type.
public struct TensorSpec: Hashable, Sendable, CustomStringConvertible {
    public let shape: Shape
    public let dtype: DType

    public init(_ shape: Shape, _ dtype: DType = .float32) {
        self.shape = shape
        self.dtype = dtype
    }

    /// Bytes that the elements take in row-major order; saturates at `Int.max`.
    public var byteCount: Int {
        let (bytes, overflows) = shape.elementCount.multipliedReportingOverflow(by: dtype.byteCount)
        return overflows ? .max : bytes
    }

    public var description: String { "\(dtype.rawValue)\(shape)" }
}
