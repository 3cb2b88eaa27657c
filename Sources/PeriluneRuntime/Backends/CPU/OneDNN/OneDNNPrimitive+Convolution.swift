internal import COneDNN
internal import PeriluneGraph

/// What the three kernels of a convolution share: the layouts of x [n, …spatial, in] and y, which stay dense and
/// channels last so that they pass between kernels untouched, and the kernel [...window, in / groups, out], whose
/// layout each of the three chooses for itself.
struct ConvolutionGeometry {
    let attributes: ConvolutionAttributes
    let x: MemoryLayout
    let y: MemoryLayout
    let bias: MemoryLayout
    /// The kernel as the user sees it.
    let kernel: MemoryLayout
    let kernelExtents: [Int]
    let name: String

    init(x: Shape, y: Shape, kernel: Shape, _ attributes: ConvolutionAttributes) throws(RuntimeError) {
        self.attributes = attributes
        self.x = try .channelsLast(x.dimensions)
        self.y = try .channelsLast(y.dimensions)
        bias = try .rowMajor([y[-1]])
        name = "a convolution of \(x) with \(kernel)"
        // [...window, in / g, out] to the library's [g, out / g, in / g, ...window].
        let strides = kernel.rowMajorStrides
        let window = Array(kernel.dimensions.dropLast(2))
        let groups = attributes.groups
        var extents = [kernel[-1] / groups, kernel[-2]] + window
        var steps = [1, strides[strides.count - 2]] + strides.dropLast(2)
        if groups > 1 {
            extents.insert(groups, at: 0)
            steps.insert(kernel[-1] / groups, at: 0)
        }
        kernelExtents = extents
        self.kernel = try MemoryLayout(extents, strides: steps)
    }

    /// The forward kernel's descriptor.
    func forward(hasBias: Bool, activation: PostActivation?) throws(RuntimeError) -> PrimitiveDescriptor {
        var operation = dnnl_convolution_desc_t()
        let (strides, dilations, before, after) = windows
        let any = try MemoryLayout(any: kernelExtents)
        let status = unsafe withUnsafePointers(x, any, bias, y) { x, kernel, bias, y in
            unsafe dnnl_dilated_convolution_forward_desc_init(
                &operation, dnnl_forward_training, dnnl_convolution_direct, x, kernel, hasBias ? bias : nil, y,
                strides, dilations, before, after)
        }
        try OneDNN.check(status, name)
        return try unsafe PrimitiveDescriptor(&operation, name, postActivation: activation)
    }

    func inputGradient() throws(RuntimeError) -> PrimitiveDescriptor {
        let hint = try forward(hasBias: false, activation: nil)
        var operation = dnnl_convolution_desc_t()
        let (strides, dilations, before, after) = windows
        let any = try MemoryLayout(any: kernelExtents)
        let status = unsafe withUnsafePointers(x, any, bias, y) { x, kernel, _, y in
            unsafe dnnl_dilated_convolution_backward_data_desc_init(
                &operation, dnnl_convolution_direct, x, kernel, y, strides, dilations, before, after)
        }
        try OneDNN.check(status, "the input gradient of \(name)")
        return try unsafe PrimitiveDescriptor(&operation, "the input gradient of \(name)", hint: hint.handle)
    }

    func kernelGradient(hasBias: Bool) throws(RuntimeError) -> PrimitiveDescriptor {
        let hint = try forward(hasBias: hasBias, activation: nil)
        var operation = dnnl_convolution_desc_t()
        let (strides, dilations, before, after) = windows
        let any = try MemoryLayout(any: kernelExtents)
        let status = unsafe withUnsafePointers(x, any, bias, y) { x, kernel, bias, y in
            unsafe dnnl_dilated_convolution_backward_weights_desc_init(
                &operation, dnnl_convolution_direct, x, kernel, hasBias ? bias : nil, y, strides, dilations, before,
                after)
        }
        try OneDNN.check(status, "the kernel gradient of \(name)")
        return try unsafe PrimitiveDescriptor(&operation, "the kernel gradient of \(name)", hint: hint.handle)
    }

    private var windows: ([Int64], [Int64], [Int64], [Int64]) {
        (
            attributes.strides.map(Int64.init), attributes.dilations.map { Int64($0 - 1) },
            attributes.padding.map { Int64($0.before) }, attributes.padding.map { Int64($0.after) }
        )
    }
}

extension OneDNNPrimitive {
    /// Reads x, kernel (in the layout it says) and, if there, the bias; writes y.
    static func convolution(
        _ geometry: ConvolutionGeometry, hasBias: Bool, activation: PostActivation?
    ) throws(RuntimeError) -> OneDNNPrimitive {
        let descriptor = try geometry.forward(hasBias: hasBias, activation: activation)
        return try OneDNNPrimitive(
            .convolution, descriptor,
            [
                Argument(name: DNNL_ARG_SRC, layout: geometry.x),
                Argument(name: DNNL_ARG_WEIGHTS, layout: descriptor.layout(dnnl_query_weights_md)),
            ] + (hasBias ? [Argument(name: DNNL_ARG_BIAS, layout: geometry.bias)] : [])
                + [Argument(name: DNNL_ARG_DST, layout: geometry.y)])
    }

    /// Reads dy and kernel (in the layout it says); writes dx.
    static func convolutionInputGradient(_ geometry: ConvolutionGeometry) throws(RuntimeError) -> OneDNNPrimitive {
        let descriptor = try geometry.inputGradient()
        return try OneDNNPrimitive(
            .convolution, descriptor,
            [
                Argument(name: DNNL_ARG_DIFF_DST, layout: geometry.y),
                Argument(name: DNNL_ARG_WEIGHTS, layout: descriptor.layout(dnnl_query_weights_md)),
                Argument(name: DNNL_ARG_DIFF_SRC, layout: geometry.x),
            ])
    }

    /// Reads x and dy; writes the kernel's gradient (in the layout it says) and, if asked for, the bias's.
    static func convolutionKernelGradient(
        _ geometry: ConvolutionGeometry, hasBias: Bool
    ) throws(RuntimeError) -> OneDNNPrimitive {
        let descriptor = try geometry.kernelGradient(hasBias: hasBias)
        return try OneDNNPrimitive(
            .convolution, descriptor,
            [
                Argument(name: DNNL_ARG_SRC, layout: geometry.x),
                Argument(name: DNNL_ARG_DIFF_DST, layout: geometry.y),
                Argument(name: DNNL_ARG_DIFF_WEIGHTS, layout: descriptor.layout(dnnl_query_diff_weights_md)),
            ] + (hasBias ? [Argument(name: DNNL_ARG_DIFF_BIAS, layout: geometry.bias)] : []))
    }

    /// Reads a tensor in one layout; writes it in another.
    static func reorder(_ source: MemoryLayout, to target: MemoryLayout) throws(RuntimeError) -> OneDNNPrimitive {
        let descriptor = try PrimitiveDescriptor(reordering: source, to: target)
        return try OneDNNPrimitive(
            .reorder, descriptor,
            [Argument(name: DNNL_ARG_FROM, layout: source), Argument(name: DNNL_ARG_TO, layout: target)])
    }
}
