internal import COneDNN

/// One compiled kernel of the library, with what it wants as arguments. It may run on several threads at once, each
/// with memory and scratchpad of its own.
@safe final class OneDNNPrimitive: @unchecked Sendable {
    // Unchecked: the handle is never changed, and the library promises that executing it is thread-safe in the
    // user-scratchpad mode, which is the only one used here.
    let handle: dnnl_primitive_t
    /// The library's name of each argument and the layout it expects, reads first.
    let arguments: [Argument]
    let scratchpad: MemoryLayout
    let operation: Operation

    enum Operation: Hashable, Sendable {
        case matmul, convolution, pooling, batchNormalization
        /// Moves elements from one layout to another.
        case reorder
    }

    struct Argument: Sendable {
        let name: Int32
        var layout: MemoryLayout
    }

    init(
        _ operation: Operation, _ descriptor: borrowing PrimitiveDescriptor, _ arguments: [Argument]
    ) throws(RuntimeError) {
        var handle: dnnl_primitive_t?
        let status = unsafe dnnl_primitive_create(&handle, descriptor.handle)
        try OneDNN.check(status, "to compile a \(operation)")
        guard let handle = unsafe handle else { throw RuntimeError(.kernelRefused, "oneDNN made no \(operation)") }
        unsafe self.handle = handle
        self.arguments = arguments
        self.operation = operation
        scratchpad = descriptor.layout(dnnl_query_scratchpad_md)
    }

    deinit {
        unsafe dnnl_primitive_destroy(handle)
    }
}

/// Owns what the library knows of a kernel before it is compiled: the implementation and the layouts it chose.
@safe struct PrimitiveDescriptor: ~Copyable {
    let handle: dnnl_primitive_desc_t

    /// - Parameters:
    ///   - operation: the library's operation descriptor.
    ///   - hint: the forward kernel, for a gradient.
    init(
        _ operation: UnsafeRawPointer, _ what: String, postActivation: PostActivation? = nil,
        hint: dnnl_primitive_desc_t? = nil
    ) throws(RuntimeError) {
        let engine = try unsafe OneDNN.engine.get()
        let attributes = try KernelAttributes()
        try attributes.useScratchpadOfCaller()
        if let postActivation { try attributes.append(postActivation) }
        var handle: dnnl_primitive_desc_t?
        let status = unsafe dnnl_primitive_desc_create(&handle, operation, attributes.handle, engine, hint)
        try OneDNN.check(status, what)
        guard let handle = unsafe handle else { throw RuntimeError(.kernelRefused, "oneDNN has no \(what)") }
        unsafe self.handle = handle
    }

    /// A descriptor of another operation with the attributes of a kernel that is there.
    @unsafe init(asIn primitive: dnnl_primitive_t, operation: UnsafeRawPointer) throws(RuntimeError) {
        let engine = try unsafe OneDNN.engine.get()
        var (model, attributes): (const_dnnl_primitive_desc_t?, const_dnnl_primitive_attr_t?)
        try unsafe OneDNN.check(dnnl_primitive_get_primitive_desc(primitive, &model), "a descriptor")
        try unsafe OneDNN.check(dnnl_primitive_desc_get_attr(model, &attributes), "attributes")
        var handle: dnnl_primitive_desc_t?
        let status = unsafe dnnl_primitive_desc_create(&handle, operation, attributes, engine, nil)
        try OneDNN.check(status, "to compile a kernel again")
        guard let handle = unsafe handle else { throw RuntimeError(.kernelRefused, "oneDNN has no such kernel") }
        unsafe self.handle = handle
    }

    /// A descriptor for moving elements from one layout to another.
    init(reordering source: MemoryLayout, to target: MemoryLayout) throws(RuntimeError) {
        let engine = try unsafe OneDNN.engine.get()
        let attributes = try KernelAttributes()
        try attributes.useScratchpadOfCaller()
        var handle: dnnl_primitive_desc_t?
        let (from, to) = (source.descriptor, target.descriptor)
        let status = unsafe withUnsafePointer(to: from) { from in
            unsafe withUnsafePointer(to: to) { to in
                unsafe dnnl_reorder_primitive_desc_create(&handle, from, engine, to, engine, attributes.handle)
            }
        }
        try OneDNN.check(status, "a reorder")
        guard let handle = unsafe handle else { throw RuntimeError(.kernelRefused, "oneDNN has no reorder") }
        unsafe self.handle = handle
    }

    deinit {
        unsafe dnnl_primitive_desc_destroy(handle)
    }

    /// A layout that the kernel chose.
    func layout(_ query: dnnl_query_t, _ index: Int32 = 0) -> MemoryLayout {
        guard let found = unsafe dnnl_primitive_desc_query_md(handle, query, index) else {
            return MemoryLayout(dnnl_memory_desc_t())
        }
        return unsafe MemoryLayout(found.pointee)
    }
}

/// Owns the attributes of a kernel: the scratchpad is the caller's, and a function may be applied to the result.
@safe private struct KernelAttributes: ~Copyable {
    let handle: dnnl_primitive_attr_t

    init() throws(RuntimeError) {
        var handle: dnnl_primitive_attr_t?
        try unsafe OneDNN.check(dnnl_primitive_attr_create(&handle), "attributes")
        guard let handle = unsafe handle else { throw RuntimeError(.kernelRefused, "oneDNN made no attributes") }
        unsafe self.handle = handle
    }

    func useScratchpadOfCaller() throws(RuntimeError) {
        try unsafe OneDNN.check(
            dnnl_primitive_attr_set_scratchpad_mode(handle, dnnl_scratchpad_mode_user), "a scratchpad of the caller's")
    }

    func append(_ activation: PostActivation) throws(RuntimeError) {
        var operations: dnnl_post_ops_t?
        try unsafe OneDNN.check(dnnl_post_ops_create(&operations), "post-operations")
        defer { _ = unsafe dnnl_post_ops_destroy(operations) }
        try unsafe OneDNN.check(
            dnnl_post_ops_append_eltwise(operations, 1, activation.algorithm, 0, 0), "a post-operation")
        try unsafe OneDNN.check(dnnl_primitive_attr_set_post_ops(handle, operations), "a post-operation")
    }

    deinit {
        unsafe dnnl_primitive_attr_destroy(handle)
    }
}

extension PostActivation {
    fileprivate var algorithm: dnnl_alg_kind_t {
        switch self {
        case .tanh: dnnl_eltwise_tanh
        case .sigmoid: dnnl_eltwise_logistic
        }
    }
}
