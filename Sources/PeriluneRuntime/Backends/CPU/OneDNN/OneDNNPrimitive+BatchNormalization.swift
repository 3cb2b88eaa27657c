internal import COneDNN
internal import PeriluneGraph

extension OneDNNPrimitive {
    private static let flags = dnnl_use_scale.rawValue | dnnl_use_shift.rawValue

    /// Reads x, gamma and beta; writes y, the mean and the biased variance of this batch.
    static func batchNormalization(_ x: Shape, epsilon: Float) throws(RuntimeError) -> OneDNNPrimitive {
        let (data, channels) = try batchNormalizationLayouts(x)
        let descriptor = try batchNormalizationDescriptor(data, epsilon)
        return try OneDNNPrimitive(
            .batchNormalization, descriptor,
            [
                Argument(name: DNNL_ARG_SRC, layout: data), Argument(name: DNNL_ARG_SCALE, layout: channels),
                Argument(name: DNNL_ARG_SHIFT, layout: channels), Argument(name: DNNL_ARG_DST, layout: data),
                Argument(name: DNNL_ARG_MEAN, layout: channels), Argument(name: DNNL_ARG_VARIANCE, layout: channels),
            ])
    }

    /// Reads x, mean, variance, gamma, dy and a stand-in for beta, which the library asks for but does not use; writes
    /// dx, dgamma and dbeta.
    static func batchNormalizationGradient(_ x: Shape, epsilon: Float) throws(RuntimeError) -> OneDNNPrimitive {
        let (data, channels) = try batchNormalizationLayouts(x)
        let hint = try batchNormalizationDescriptor(data, epsilon)
        var operation = dnnl_batch_normalization_desc_t()
        let status = unsafe withUnsafePointer(to: data.descriptor) { data in
            unsafe dnnl_batch_normalization_backward_desc_init(&operation, dnnl_backward, data, data, epsilon, flags)
        }
        try OneDNN.check(status, "the gradient of batch normalization of \(x)")
        let descriptor = try unsafe PrimitiveDescriptor(
            &operation, "the gradient of batch normalization of \(x)", hint: hint.handle)
        return try OneDNNPrimitive(
            .batchNormalization, descriptor,
            [
                Argument(name: DNNL_ARG_SRC, layout: data), Argument(name: DNNL_ARG_MEAN, layout: channels),
                Argument(name: DNNL_ARG_VARIANCE, layout: channels), Argument(name: DNNL_ARG_SCALE, layout: channels),
                Argument(name: DNNL_ARG_DIFF_DST, layout: data), Argument(name: DNNL_ARG_SHIFT, layout: channels),
                Argument(name: DNNL_ARG_DIFF_SRC, layout: data),
                Argument(name: DNNL_ARG_DIFF_SCALE, layout: channels),
                Argument(name: DNNL_ARG_DIFF_SHIFT, layout: channels),
            ])
    }

    /// The statistics are over all axes but the last, so every tensor is an image of some batch size to the library.
    private static func batchNormalizationLayouts(
        _ x: Shape
    ) throws(RuntimeError) -> (data: MemoryLayout, channels: MemoryLayout) {
        let image = x.rank == 4 ? x.dimensions : [x.dimensions.dropLast().reduce(1, *), 1, 1, x[-1]]
        return try (.channelsLast(image), .rowMajor([x[-1]]))
    }

    private static func batchNormalizationDescriptor(
        _ data: MemoryLayout, _ epsilon: Float
    ) throws(RuntimeError) -> PrimitiveDescriptor {
        var operation = dnnl_batch_normalization_desc_t()
        let status = unsafe withUnsafePointer(to: data.descriptor) { data in
            unsafe dnnl_batch_normalization_forward_desc_init(
                &operation, dnnl_forward_training, data, epsilon, flags)
        }
        try OneDNN.check(status, "batch normalization")
        return try unsafe PrimitiveDescriptor(&operation, "batch normalization")
    }
}
