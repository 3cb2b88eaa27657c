internal import COneDNN
internal import PeriluneGraph

extension OneDNNPrimitive {
    /// Reads a, b and, if there, the bias; writes the product. Transposed operands are read through strides, so that
    /// weights stay as the user sees them.
    static func matmul(
        _ a: Shape, _ b: Shape, transposeA: Bool, transposeB: Bool, hasBias: Bool, activation: PostActivation?
    ) throws(RuntimeError) -> OneDNNPrimitive {
        let source = try operand(a, transposed: transposeA)
        let weights = try operand(b, transposed: transposeB)
        let rows = transposeA ? a[-1] : a[-2]
        let columns = transposeB ? b[-2] : b[-1]
        let result = try MemoryLayout.rowMajor(a.dimensions.dropLast(2) + [rows, columns])
        let bias = try MemoryLayout.rowMajor([Int](repeating: 1, count: a.rank - 1) + [columns])
        var operation = dnnl_matmul_desc_t()
        let status = unsafe withUnsafePointers(source, weights, bias, result) { source, weights, bias, result in
            unsafe dnnl_matmul_desc_init(&operation, source, weights, hasBias ? bias : nil, result)
        }
        try OneDNN.check(status, "a matrix product of \(a) and \(b)")
        let descriptor = try unsafe PrimitiveDescriptor(
            &operation, "a matrix product of \(a) and \(b)", postActivation: activation)
        return try OneDNNPrimitive(
            .matmul, descriptor,
            [Argument(name: DNNL_ARG_SRC, layout: source), Argument(name: DNNL_ARG_WEIGHTS, layout: weights)]
                + (hasBias ? [Argument(name: DNNL_ARG_BIAS, layout: bias)] : [])
                + [Argument(name: DNNL_ARG_DST, layout: result)])
    }

    private static func operand(_ shape: Shape, transposed: Bool) throws(RuntimeError) -> MemoryLayout {
        var (extents, strides) = (shape.dimensions, shape.rowMajorStrides)
        if transposed {
            extents.swapAt(shape.rank - 2, shape.rank - 1)
            strides.swapAt(shape.rank - 2, shape.rank - 1)
        }
        // The library takes an axis of extent 1 for a broken stride unless it is the dense one.
        return try MemoryLayout(extents, strides: strides)
    }
}

/// Runs `body` on pointers to the descriptors of four layouts.
@unsafe func withUnsafePointers<R>(
    _ a: MemoryLayout, _ b: MemoryLayout, _ c: MemoryLayout, _ d: MemoryLayout,
    _ body: (
        UnsafePointer<dnnl_memory_desc_t>, UnsafePointer<dnnl_memory_desc_t>, UnsafePointer<dnnl_memory_desc_t>,
        UnsafePointer<dnnl_memory_desc_t>
    ) -> R
) -> R {
    unsafe withUnsafePointer(to: a.descriptor) { a in
        unsafe withUnsafePointer(to: b.descriptor) { b in
            unsafe withUnsafePointer(to: c.descriptor) { c in
                unsafe withUnsafePointer(to: d.descriptor) { d in unsafe body(a, b, c, d) }
            }
        }
    }
}
