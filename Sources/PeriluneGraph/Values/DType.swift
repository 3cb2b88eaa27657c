/// The element type of a tensor.
public enum DType: String, Hashable, Sendable, CaseIterable {
    case float32
    case int32

    /// Bytes that one element takes.
    public var byteCount: Int {
        switch self {
        case .float32, .int32: 4
        }
    }
}
