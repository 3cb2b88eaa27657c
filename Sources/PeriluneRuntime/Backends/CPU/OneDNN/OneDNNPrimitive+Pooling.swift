internal import COneDNN
internal import PeriluneGraph

// Averages alone: the library's maximum passes over NaN.
extension OneDNNPrimitive {
    /// Reads x; writes y.
    static func averagePooling(_ attributes: PoolingAttributes, x: Shape, y: Shape) throws(RuntimeError)
        -> OneDNNPrimitive
    {
        let (source, result) = try (MemoryLayout.channelsLast(x.dimensions), MemoryLayout.channelsLast(y.dimensions))
        let descriptor = try averageDescriptor(attributes, source, result)
        return try OneDNNPrimitive(
            .pooling, descriptor,
            [Argument(name: DNNL_ARG_SRC, layout: source), Argument(name: DNNL_ARG_DST, layout: result)])
    }

    /// Reads dy; writes dx.
    static func averagePoolingGradient(_ attributes: PoolingAttributes, x: Shape, y: Shape) throws(RuntimeError)
        -> OneDNNPrimitive
    {
        let (source, result) = try (MemoryLayout.channelsLast(x.dimensions), MemoryLayout.channelsLast(y.dimensions))
        let hint = try averageDescriptor(attributes, source, result)
        var operation = dnnl_pooling_desc_t()
        let (strides, window, before, after) = windows(attributes)
        let status = unsafe withUnsafePointers(source, result, source, result) { source, result, _, _ in
            unsafe dnnl_pooling_backward_desc_init(
                &operation, dnnl_pooling_avg_exclude_padding, source, result, strides, window, before, after)
        }
        try OneDNN.check(status, "the gradient of pooling \(x)")
        let descriptor = try unsafe PrimitiveDescriptor(
            &operation, "the gradient of pooling \(x)", hint: hint.handle)
        return try OneDNNPrimitive(
            .pooling, descriptor,
            [Argument(name: DNNL_ARG_DIFF_DST, layout: result), Argument(name: DNNL_ARG_DIFF_SRC, layout: source)])
    }

    private static func averageDescriptor(
        _ attributes: PoolingAttributes, _ source: MemoryLayout, _ result: MemoryLayout
    ) throws(RuntimeError) -> PrimitiveDescriptor {
        var operation = dnnl_pooling_desc_t()
        let (strides, window, before, after) = windows(attributes)
        let status = unsafe withUnsafePointers(source, result, source, result) { source, result, _, _ in
            unsafe dnnl_pooling_forward_desc_init(
                &operation, dnnl_forward_training, dnnl_pooling_avg_exclude_padding, source, result, strides, window,
                before, after)
        }
        try OneDNN.check(status, "pooling")
        return try unsafe PrimitiveDescriptor(&operation, "pooling")
    }

    private static func windows(_ attributes: PoolingAttributes) -> ([Int64], [Int64], [Int64], [Int64]) {
        (
            attributes.strides.map(Int64.init), attributes.window.map(Int64.init),
            attributes.padding.map { Int64($0.before) }, attributes.padding.map { Int64($0.after) }
        )
    }
}
