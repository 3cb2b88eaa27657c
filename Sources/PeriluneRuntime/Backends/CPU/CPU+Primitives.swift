internal import CKernels
internal import PeriluneGraph

// The operations that the kernel library runs.
extension CPU {
    static func addMatmul(
        _ id: NodeID, _ transposeA: Bool, _ transposeB: Bool, _ absorbed: PostOps.Absorbed?, _ list: inout WorkList<CPU>
    ) throws(RuntimeError) {
        let node = list.analysis.graph[id]
        let (a, b) = (list.analysis.spec(node.inputs[0]).shape, list.analysis.spec(node.inputs[1]).shape)
        let inner = transposeA ? a[-2] : a[-1]
        let (work, overflows) = (2 * inner).multipliedReportingOverflow(by: node.outputs[0].shape.elementCount)
        let primitive = try compiled(list.threads, work: overflows ? .max : work) { () throws(RuntimeError) in
            try OneDNNPrimitive.matmul(
                a, b, transposeA: transposeA, transposeB: transposeB, hasBias: absorbed?.bias != nil,
                activation: absorbed?.activation)
        }
        let reads = (node.inputs + (absorbed?.bias.map { [$0] } ?? [])).map { list.buffer($0) }
        let y = list.buffer(Value(absorbed?.result ?? id))
        list.add(CPUStep(primitive), reads, [y], rank: id.index)
    }

    static func addConvolution(
        _ id: NodeID, _ attributes: ConvolutionAttributes, _ absorbed: PostOps.Absorbed?, _ list: inout WorkList<CPU>
    ) throws(RuntimeError) {
        let node = list.analysis.graph[id]
        let geometry = try ConvolutionGeometry(
            x: list.analysis.spec(node.inputs[0]).shape, y: node.outputs[0].shape,
            kernel: list.analysis.spec(node.inputs[1]).shape, attributes)
        let primitive = try compiled(list.threads, work: .max) { () throws(RuntimeError) in
            try OneDNNPrimitive.convolution(
                geometry, hasBias: absorbed?.bias != nil, activation: absorbed?.activation)
        }
        let x = list.buffer(node.inputs[0])
        let kernel = try reordered(
            list.buffer(node.inputs[1]), geometry.kernel, primitive.arguments[1].layout, id, &list)
        let bias = absorbed?.bias.map { [list.buffer($0)] } ?? []
        let y = list.buffer(Value(absorbed?.result ?? id))
        list.add(CPUStep(primitive), [x, kernel] + bias, [y], rank: id.index)
    }

    static func addConvolutionInputGradient(
        _ id: NodeID, _ attributes: ConvolutionAttributes, _ input: Shape, _ list: inout WorkList<CPU>
    ) throws(RuntimeError) {
        let node = list.analysis.graph[id]
        let geometry = try ConvolutionGeometry(
            x: input, y: list.analysis.spec(node.inputs[0]).shape, kernel: list.analysis.spec(node.inputs[1]).shape,
            attributes)
        let primitive = try compiled(list.threads, work: .max) { () throws(RuntimeError) in
            try OneDNNPrimitive.convolutionInputGradient(geometry)
        }
        let dy = list.buffer(node.inputs[0])
        let kernel = try reordered(
            list.buffer(node.inputs[1]), geometry.kernel, primitive.arguments[1].layout, id, &list)
        let dx = list.buffer(Value(id))
        list.add(CPUStep(primitive), [dy, kernel], [dx], rank: id.index)
    }

    /// - Parameter bias: the reduction that is the gradient of the bias, where the kernel computes it on its way.
    static func addConvolutionKernelGradient(
        _ id: NodeID, _ attributes: ConvolutionAttributes, _ kernel: Shape, bias: NodeID?, _ list: inout WorkList<CPU>
    ) throws(RuntimeError) {
        let node = list.analysis.graph[id]
        let geometry = try ConvolutionGeometry(
            x: list.analysis.spec(node.inputs[0]).shape, y: list.analysis.spec(node.inputs[1]).shape, kernel: kernel,
            attributes)
        let primitive = try compiled(list.threads, work: .max) { () throws(RuntimeError) in
            try OneDNNPrimitive.convolutionKernelGradient(geometry, hasBias: bias != nil)
        }
        let layout = primitive.arguments[2].layout
        let target = list.buffer(Value(id))
        let isDirect = layout.isSame(as: geometry.kernel)
        let chosen = isDirect ? target : list.newBuffer(.arena, .bytes(layout.byteCount))
        let reads = node.inputs.map { list.buffer($0) }
        let writes = [chosen] + (bias.map { [list.buffer(Value($0))] } ?? [])
        list.add(CPUStep(primitive), reads, writes, rank: id.index)
        if !isDirect {
            let reorder = try compiled(list.threads, work: 0) { () throws(RuntimeError) in
                try OneDNNPrimitive.reorder(layout, to: geometry.kernel)
            }
            list.add(CPUStep(reorder), [chosen], [target], rank: id.index)
        }
    }

    static func addAveragePool(
        _ id: NodeID, _ attributes: PoolingAttributes, _ list: inout WorkList<CPU>
    ) throws(RuntimeError) {
        let node = list.analysis.graph[id]
        let x = list.analysis.spec(node.inputs[0]).shape
        let primitive = try compiled(list.threads, work: .max) { () throws(RuntimeError) in
            try OneDNNPrimitive.averagePooling(attributes, x: x, y: node.outputs[0].shape)
        }
        list.add(CPUStep(primitive), id)
    }

    static func addAveragePoolGradient(
        _ id: NodeID, _ attributes: PoolingAttributes, _ input: Shape, _ list: inout WorkList<CPU>
    ) throws(RuntimeError) {
        let dy = list.analysis.graph[id].inputs[0]
        let y = list.analysis.spec(dy).shape
        let primitive = try compiled(list.threads, work: .max) { () throws(RuntimeError) in
            try OneDNNPrimitive.averagePoolingGradient(attributes, x: input, y: y)
        }
        let (read, dx) = (list.buffer(dy), list.buffer(Value(id)))
        list.add(CPUStep(primitive), [read], [dx], rank: id.index)
    }

    static func addBatchNormalization(
        _ id: NodeID, _ epsilon: Float, _ list: inout WorkList<CPU>
    ) throws(RuntimeError) {
        let node = list.analysis.graph[id]
        let x = list.analysis.spec(node.inputs[0]).shape
        let primitive = try compiled(list.threads, work: .max) { () throws(RuntimeError) in
            try OneDNNPrimitive.batchNormalization(x, epsilon: epsilon)
        }
        let reads = node.inputs.map { list.buffer($0) }
        let writes = (0..<3).map { list.buffer(Value(id, output: $0)) }
        list.add(CPUStep(primitive), reads, writes, rank: id.index)
    }

    static func addBatchNormalizationGradient(
        _ id: NodeID, _ epsilon: Float, _ list: inout WorkList<CPU>
    ) throws(RuntimeError) {
        let node = list.analysis.graph[id]
        let x = list.analysis.spec(node.inputs[0]).shape
        let primitive = try compiled(list.threads, work: .max) { () throws(RuntimeError) in
            try OneDNNPrimitive.batchNormalizationGradient(x, epsilon: epsilon)
        }
        // Gamma stands in for beta, which the library asks for but does not use.
        let reads = (node.inputs + [node.inputs[3]]).map { list.buffer($0) }
        let writes = (0..<3).map { list.buffer(Value(id, output: $0)) }
        list.add(CPUStep(primitive), reads, writes, rank: id.index)
    }

    /// `source` in the layout that a kernel wants: itself where it has it already.
    private static func reordered(
        _ source: BufferID, _ layout: MemoryLayout, _ wanted: MemoryLayout, _ id: NodeID, _ list: inout WorkList<CPU>
    ) throws(RuntimeError) -> BufferID {
        if layout.isSame(as: wanted) { return source }
        let copy = list.newBuffer(.arena, .bytes(wanted.byteCount))
        let reorder = try compiled(list.threads, work: 0) { () throws(RuntimeError) in
            try OneDNNPrimitive.reorder(layout, to: wanted)
        }
        list.add(CPUStep(reorder), [source], [copy], rank: id.index)
        return copy
    }

    /// Compiles a primitive for as many of `threads` as pay for themselves: the library fixes the number at this
    /// moment.
    /// - Parameter work: floating-point operations.
    private static func compiled(
        _ threads: Int, work: Int, _ make: () throws(RuntimeError) -> OneDNNPrimitive
    ) throws(RuntimeError) -> OneDNNPrimitive {
        pk_set_threads(Int32(work >= Threading.smallestProduct ? threads : 1))
        defer { pk_set_threads(Int32(threads)) }
        return try make()
    }
}
