internal import COneDNN

/// The C library of kernels. Everything that calls it is in this folder, because its interface changes with 3.x.
enum OneDNN {
    /// The process's CPU engine, made when the first program needs it.
    ///
    /// An engine may be used from any thread at once.
    nonisolated(unsafe) static let engine: Result<dnnl_engine_t, RuntimeError> = {
        var engine: dnnl_engine_t?
        let status = unsafe dnnl_engine_create(&engine, dnnl_cpu, 0)
        guard status == dnnl_success, let engine = unsafe engine else {
            return unsafe .failure(RuntimeError(.kernelRefused, "oneDNN has no CPU engine (status \(status.rawValue))"))
        }
        return unsafe .success(engine)
    }()

    /// - Throws: `RuntimeError` naming `what`, where the library says no.
    static func check(_ status: dnnl_status_t, _ what: @autoclosure () -> String) throws(RuntimeError) {
        guard status == dnnl_success else {
            let code: RuntimeError.Code = status == dnnl_out_of_memory ? .outOfMemory : .kernelRefused
            throw RuntimeError(code, "oneDNN refuses \(what()) (status \(status.rawValue))")
        }
    }
}

/// The description of a tensor for the library: extents in the order that it wants, and where the elements are.
struct MemoryLayout: @unchecked Sendable {
    // A plain C struct of numbers; it is not Sendable only because C does not say so.
    var descriptor: dnnl_memory_desc_t

    init(_ descriptor: dnnl_memory_desc_t) { self.descriptor = descriptor }

    /// A float32 tensor with given strides, in elements.
    init(_ extents: [Int], strides: [Int]) throws(RuntimeError) {
        descriptor = dnnl_memory_desc_t()
        let (dims, steps) = (extents.map(Int64.init), strides.map(Int64.init))
        let status = unsafe dnnl_memory_desc_init_by_strides(
            &descriptor, Int32(extents.count), dims, dnnl_f32, steps)
        try OneDNN.check(status, "a tensor of \(extents) with strides \(strides)")
    }

    /// A float32 tensor whose layout the kernel may choose.
    init(any extents: [Int]) throws(RuntimeError) {
        descriptor = dnnl_memory_desc_t()
        let status = unsafe dnnl_memory_desc_init_by_tag(
            &descriptor, Int32(extents.count), extents.map(Int64.init), dnnl_f32, dnnl_format_tag_any)
        try OneDNN.check(status, "a tensor of \(extents)")
    }

    /// A dense row-major float32 tensor.
    static func rowMajor(_ extents: [Int]) throws(RuntimeError) -> MemoryLayout {
        var strides = [Int](repeating: 1, count: extents.count)
        for axis in stride(from: extents.count - 2, through: 0, by: -1) {
            strides[axis] = strides[axis + 1] * max(1, extents[axis + 1])
        }
        return try MemoryLayout(extents, strides: strides)
    }

    /// A dense float32 tensor [n, …spatial, channels], described to the library as [n, channels, …spatial].
    static func channelsLast(_ shape: [Int]) throws(RuntimeError) -> MemoryLayout {
        var strides = [Int](repeating: 1, count: shape.count)
        for axis in stride(from: shape.count - 2, through: 0, by: -1) {
            strides[axis] = strides[axis + 1] * max(1, shape[axis + 1])
        }
        func channelsSecond(_ list: [Int]) -> [Int] { [list[0], list[list.count - 1]] + list[1..<list.count - 1] }
        return try MemoryLayout(channelsSecond(shape), strides: channelsSecond(strides))
    }

    var byteCount: Int { unsafe withUnsafePointer(to: descriptor) { unsafe dnnl_memory_desc_get_size($0) } }

    func isSame(as other: MemoryLayout) -> Bool {
        unsafe withUnsafePointer(to: descriptor) { mine in
            unsafe withUnsafePointer(to: other.descriptor) { unsafe dnnl_memory_desc_equal(mine, $0) != 0 }
        }
    }
}
