internal import PeriluneGraph

extension Tensor {
    /// A tensor with a copy of the row-major elements at `memory`.
    @unsafe init(copying memory: UnsafeRawPointer, spec: TensorSpec) {
        let count = spec.shape.elementCount
        switch spec.dtype {
        case .float32:
            let elements = unsafe UnsafeBufferPointer(start: memory.assumingMemoryBound(to: Float.self), count: count)
            unsafe self.init(Array(elements), shape: spec.shape)
        case .int32:
            let elements = unsafe UnsafeBufferPointer(start: memory.assumingMemoryBound(to: Int32.self), count: count)
            unsafe self.init(Array(elements), shape: spec.shape)
        }
    }

    /// Copies the elements to `memory`, which has room for them.
    @unsafe func copyElements(to memory: UnsafeMutableRawPointer) {
        unsafe withUnsafeElements { source in
            unsafe memory.copyMemory(from: source.baseAddress ?? UnsafeRawPointer(memory), byteCount: source.count)
        }
    }

    /// Runs `body` on the bytes of the elements.
    @unsafe func withUnsafeElements<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        switch elements {
        case .float32(let values): try unsafe values.withUnsafeBytes(body)
        case .int32(let values): try unsafe values.withUnsafeBytes(body)
        }
    }
}
