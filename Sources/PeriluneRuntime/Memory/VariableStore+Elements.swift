public import PeriluneGraph

extension VariableStore {
    /// Shows the elements of a float32 variable where they are, in row-major order; copies nothing. They must not be
    /// used after `body`.
    public func withElements<R>(of id: VariableID, _ body: (UnsafeBufferPointer<Float>) throws -> R) rethrows -> R {
        precondition(spec(of: id).dtype == .float32, "not a float32 variable")
        let start = unsafe UnsafePointer(address(of: id).assumingMemoryBound(to: Float.self))
        return try unsafe body(UnsafeBufferPointer(start: start, count: spec(of: id).shape.elementCount))
    }
}
