internal import COneDNN
internal import PeriluneGraph

extension OneDNNPrimitive {
    /// Reads x; writes y and, for a maximum whose gradient is wanted, the workspace that remembers where it was.
    static func pooling(
        _ attributes: PoolingAttributes, x: Shape, y: Shape, forGradient: Bool
    ) throws(RuntimeError) -> OneDNNPrimitive {
        let (source, result) = try (MemoryLayout.channelsLast(x.dimensions), MemoryLayout.channelsLast(y.dimensions))
        let descriptor = try poolingDescriptor(attributes, source, result, forGradient: forGradient)
        let hasWorkspace = forGradient && attributes.kind == .maximum
        return try OneDNNPrimitive(
            .pooling, descriptor,
            [Argument(name: DNNL_ARG_SRC, layout: source), Argument(name: DNNL_ARG_DST, layout: result)]
                + (hasWorkspace
                    ? [Argument(name: DNNL_ARG_WORKSPACE, layout: descriptor.layout(dnnl_query_workspace_md))] : []))
    }

    /// Reads dy and, for a maximum, the workspace; writes dx.
    static func poolingGradient(
        _ attributes: PoolingAttributes, x: Shape, y: Shape
    ) throws(RuntimeError) -> OneDNNPrimitive {
        let (source, result) = try (MemoryLayout.channelsLast(x.dimensions), MemoryLayout.channelsLast(y.dimensions))
        let hint = try poolingDescriptor(attributes, source, result, forGradient: true)
        var operation = dnnl_pooling_desc_t()
        let (strides, window, before, after) = windows(attributes)
        let status = unsafe withUnsafePointers(source, result, source, result) { source, result, _, _ in
            unsafe dnnl_pooling_backward_desc_init(
                &operation, algorithm(attributes), source, result, strides, window, before, after)
        }
        try OneDNN.check(status, "the gradient of pooling \(x)")
        let descriptor = try unsafe PrimitiveDescriptor(
            &operation, "the gradient of pooling \(x)", hint: hint.handle)
        return try OneDNNPrimitive(
            .pooling, descriptor,
            [Argument(name: DNNL_ARG_DIFF_DST, layout: result)]
                + (attributes.kind == .maximum
                    ? [Argument(name: DNNL_ARG_WORKSPACE, layout: hint.layout(dnnl_query_workspace_md))] : [])
                + [Argument(name: DNNL_ARG_DIFF_SRC, layout: source)])
    }

    private static func poolingDescriptor(
        _ attributes: PoolingAttributes, _ source: MemoryLayout, _ result: MemoryLayout, forGradient: Bool
    ) throws(RuntimeError) -> PrimitiveDescriptor {
        var operation = dnnl_pooling_desc_t()
        let (strides, window, before, after) = windows(attributes)
        let status = unsafe withUnsafePointers(source, result, source, result) { source, result, _, _ in
            unsafe dnnl_pooling_forward_desc_init(
                &operation, forGradient ? dnnl_forward_training : dnnl_forward_inference, algorithm(attributes), source,
                result, strides, window, before, after)
        }
        try OneDNN.check(status, "pooling")
        return try unsafe PrimitiveDescriptor(&operation, "pooling")
    }

    private static func algorithm(_ attributes: PoolingAttributes) -> dnnl_alg_kind_t {
        switch attributes.kind {
        case .maximum: dnnl_pooling_max
        case .average: dnnl_pooling_avg_exclude_padding
        }
    }

    private static func windows(_ attributes: PoolingAttributes) -> ([Int64], [Int64], [Int64], [Int64]) {
        (
            attributes.strides.map(Int64.init), attributes.window.map(Int64.init),
            attributes.padding.map { Int64($0.before) }, attributes.padding.map { Int64($0.after) }
        )
    }
}
