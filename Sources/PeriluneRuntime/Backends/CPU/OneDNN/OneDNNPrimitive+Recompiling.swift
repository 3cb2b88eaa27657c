internal import CKernels
internal import COneDNN

extension OneDNNPrimitive {
    /// The same kernel, compiled for another number of threads.
    /// - Throws: `RuntimeError` where the library has none that takes its arguments in the same layouts.
    func recompiled(threads: Int) throws(RuntimeError) -> OneDNNPrimitive {
        // The library takes the number of threads for good at this moment.
        pk_set_threads(Int32(threads))
        switch operation {
        case .reorder:
            return try compiled(
                PrimitiveDescriptor(reordering: arguments[0].layout, to: arguments[1].layout), arguments)
        case .matmul, .convolution, .pooling, .batchNormalization:
            return try unsafe compiled(PrimitiveDescriptor(asIn: handle, operation: description()), arguments)
        }
    }

    /// How many examples the gradient of a convolution's kernel sums over; nil for other primitives.
    var summedExamples: Int? {
        get throws(RuntimeError) {
            guard operation == .convolution, let description = try unsafe convolution(),
                description.prop_kind == dnnl_backward_weights
            else { return nil }
            return Int(description.src_desc.dims.0)
        }
    }

    /// The gradient of a convolution's kernel, for `examples` of the examples and one thread.
    /// - Throws: `RuntimeError` where it is another primitive, or the library has none for so few.
    func slice(examples: Int) throws(RuntimeError) -> OneDNNPrimitive {
        guard var description = try unsafe convolution() else {
            throw RuntimeError(.kernelRefused, "a \(operation) has no slices")
        }
        description.src_desc.setExamples(examples)
        description.diff_dst_desc.setExamples(examples)
        let slices = arguments.map { argument in
            var argument = argument
            if argument.isPerExample { argument.layout.descriptor.setExamples(examples) }
            return argument
        }
        pk_set_threads(1)
        return try unsafe compiled(PrimitiveDescriptor(asIn: handle, operation: &description), slices)
    }

    private func compiled(
        _ descriptor: consuming PrimitiveDescriptor, _ arguments: [Argument]
    ) throws(RuntimeError) -> OneDNNPrimitive {
        for argument in arguments {
            let layout = descriptor.layout(dnnl_query_exec_arg_md, argument.name)
            guard layout.isSame(as: argument.layout) else {
                throw RuntimeError(.kernelRefused, "oneDNN wants argument \(argument.name) of a \(operation) otherwise")
            }
        }
        return try OneDNNPrimitive(operation, descriptor, arguments)
    }

    /// What the library was told to compile.
    @unsafe private func description() throws(RuntimeError) -> UnsafeRawPointer {
        var descriptor: const_dnnl_primitive_desc_t?
        try unsafe OneDNN.check(dnnl_primitive_get_primitive_desc(handle, &descriptor), "a descriptor")
        var description: UnsafeRawPointer?
        try unsafe OneDNN.check(
            dnnl_primitive_desc_query(descriptor, dnnl_query_op_d, 0, &description), "an operation's descriptor")
        guard let description = unsafe description else {
            throw RuntimeError(.kernelRefused, "oneDNN tells nothing of a \(operation)")
        }
        return unsafe description
    }

    @unsafe private func convolution() throws(RuntimeError) -> dnnl_convolution_desc_t? {
        guard operation == .convolution else { return nil }
        return try unsafe description().load(as: dnnl_convolution_desc_t.self)
    }
}

extension OneDNNPrimitive.Argument {
    /// Whether its first axis counts examples.
    var isPerExample: Bool {
        [DNNL_ARG_SRC, DNNL_ARG_DIFF_SRC, DNNL_ARG_DST, DNNL_ARG_DIFF_DST].contains(name)
    }

    /// Bytes from one example to the next.
    var exampleByteCount: Int { unsafe 4 * Int(layout.descriptor.format_desc.blocking.strides.0) }
}

extension dnnl_memory_desc_t {
    fileprivate mutating func setExamples(_ count: Int) {
        dims.0 = Int64(count)
        padded_dims.0 = Int64(count)
    }
}
