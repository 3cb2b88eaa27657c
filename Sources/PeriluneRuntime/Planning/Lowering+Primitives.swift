internal import CKernels
internal import PeriluneGraph

// The operations that the kernel library runs.
extension Lowering {
    mutating func addMatmul(_ id: NodeID, _ transposeA: Bool, _ transposeB: Bool) throws(RuntimeError) {
        let node = analysis.graph[id]
        let absorbed = postOps.absorbed[id]
        let (a, b) = (analysis.spec(node.inputs[0]).shape, analysis.spec(node.inputs[1]).shape)
        let inner = transposeA ? a[-2] : a[-1]
        let work = 2 * inner * node.outputs[0].shape.elementCount
        let primitive = try compiled(work: work) { () throws(RuntimeError) in
            try OneDNNPrimitive.matmul(
                a, b, transposeA: transposeA, transposeB: transposeB, hasBias: absorbed?.bias != nil,
                activation: absorbed?.activation)
        }
        let reads = (node.inputs + (absorbed?.bias.map { [$0] } ?? [])).map { buffer($0) }
        addPrimitive(primitive, reads, [buffer(Value(absorbed?.result ?? id))], id)
    }

    mutating func addConvolution(_ id: NodeID, _ attributes: ConvolutionAttributes) throws(RuntimeError) {
        let node = analysis.graph[id]
        let absorbed = postOps.absorbed[id]
        let geometry = try ConvolutionGeometry(
            x: analysis.spec(node.inputs[0]).shape, y: node.outputs[0].shape,
            kernel: analysis.spec(node.inputs[1]).shape, attributes)
        let primitive = try compiled(work: .max) { () throws(RuntimeError) in
            try OneDNNPrimitive.convolution(
                geometry, hasBias: absorbed?.bias != nil, activation: absorbed?.activation)
        }
        let x = buffer(node.inputs[0])
        let kernel = try reordered(buffer(node.inputs[1]), geometry.kernel, primitive.arguments[1].layout, id)
        let bias = absorbed?.bias.map { [buffer($0)] } ?? []
        addPrimitive(primitive, [x, kernel] + bias, [buffer(Value(absorbed?.result ?? id))], id)
    }

    mutating func addConvolutionInputGradient(
        _ id: NodeID, _ attributes: ConvolutionAttributes, _ input: Shape
    ) throws(RuntimeError) {
        let node = analysis.graph[id]
        let geometry = try ConvolutionGeometry(
            x: input, y: analysis.spec(node.inputs[0]).shape, kernel: analysis.spec(node.inputs[1]).shape, attributes)
        let primitive = try compiled(work: .max) { () throws(RuntimeError) in
            try OneDNNPrimitive.convolutionInputGradient(geometry)
        }
        let dy = buffer(node.inputs[0])
        let kernel = try reordered(buffer(node.inputs[1]), geometry.kernel, primitive.arguments[1].layout, id)
        addPrimitive(primitive, [dy, kernel], [buffer(Value(id))], id)
    }

    mutating func addConvolutionKernelGradient(
        _ id: NodeID, _ attributes: ConvolutionAttributes, _ kernel: Shape
    ) throws(RuntimeError) {
        let node = analysis.graph[id]
        let bias = postOps.biasGradients[id]
        let geometry = try ConvolutionGeometry(
            x: analysis.spec(node.inputs[0]).shape, y: analysis.spec(node.inputs[1]).shape, kernel: kernel, attributes)
        let primitive = try compiled(work: .max) { () throws(RuntimeError) in
            try OneDNNPrimitive.convolutionKernelGradient(geometry, hasBias: bias != nil)
        }
        let layout = primitive.arguments[2].layout
        let target = buffer(Value(id))
        let isDirect = layout.isSame(as: geometry.kernel)
        let chosen = isDirect ? target : newBuffer(byteCount: layout.byteCount)
        let reads = node.inputs.map { buffer($0) }
        addPrimitive(primitive, reads, [chosen] + (bias.map { [buffer(Value($0))] } ?? []), id)
        if !isDirect {
            let reorder = try compiled(work: 0) { () throws(RuntimeError) in
                try OneDNNPrimitive.reorder(layout, to: geometry.kernel)
            }
            addPrimitive(reorder, [chosen], [target], id)
        }
    }

    mutating func addPooling(_ id: NodeID, _ attributes: PoolingAttributes) throws(RuntimeError) {
        let node = analysis.graph[id]
        let (x, y) = (analysis.spec(node.inputs[0]).shape, node.outputs[0].shape)
        switch attributes.kind {
        case .maximum:
            addMaxPool(id, PoolingWindows(attributes, x: x, y: y))
        case .average:
            let primitive = try compiled(work: .max) { () throws(RuntimeError) in
                try OneDNNPrimitive.averagePooling(attributes, x: x, y: y)
            }
            addPrimitive(primitive, [buffer(node.inputs[0])], [buffer(Value(id))], id)
        }
    }

    private mutating func addMaxPool(_ id: NodeID, _ windows: PoolingWindows) {
        let forGradient = analysis.users[id.index].contains { user in
            analysis.graph[user].inputs.contains(Value(id, output: 1))
        }
        let rectifier = postOps.rectifiers[id]
        var writes = [buffer(Value(rectifier ?? id))]
        if forGradient {
            let workspace = buffer(Value(id, output: 1))
            resize(workspace, to: windows.workspaceByteCount)
            writes.append(workspace)
        }
        let call = KernelCall.maxPool(windows, rectifies: rectifier != nil, forGradient: forGradient)
        add(
            WorkItem(
                operation: .kernel(call), reads: [buffer(analysis.graph[id].inputs[0])], writes: writes,
                rank: id.index))
    }

    mutating func addPoolingGradient(
        _ id: NodeID, _ attributes: PoolingAttributes, _ input: Shape
    ) throws(RuntimeError) {
        let node = analysis.graph[id]
        let y = analysis.spec(node.inputs[0]).shape
        switch attributes.kind {
        case .maximum:
            addKernel(id, .maxPoolGradient(PoolingWindows(attributes, x: input, y: y)))
        case .average:
            let primitive = try compiled(work: .max) { () throws(RuntimeError) in
                try OneDNNPrimitive.averagePoolingGradient(attributes, x: input, y: y)
            }
            addPrimitive(primitive, [buffer(node.inputs[0])], [buffer(Value(id))], id)
        }
    }

    mutating func addBatchNormalization(_ id: NodeID, _ epsilon: Float) throws(RuntimeError) {
        let node = analysis.graph[id]
        let primitive = try compiled(work: .max) { () throws(RuntimeError) in
            try OneDNNPrimitive.batchNormalization(analysis.spec(node.inputs[0]).shape, epsilon: epsilon)
        }
        let reads = node.inputs.map { buffer($0) }
        addPrimitive(primitive, reads, (0..<3).map { buffer(Value(id, output: $0)) }, id)
    }

    mutating func addBatchNormalizationGradient(_ id: NodeID, _ epsilon: Float) throws(RuntimeError) {
        let node = analysis.graph[id]
        let primitive = try compiled(work: .max) { () throws(RuntimeError) in
            try OneDNNPrimitive.batchNormalizationGradient(analysis.spec(node.inputs[0]).shape, epsilon: epsilon)
        }
        let gamma = node.inputs[3]
        let reads = (node.inputs + [gamma]).map { buffer($0) }
        addPrimitive(primitive, reads, (0..<3).map { buffer(Value(id, output: $0)) }, id)
    }

    private mutating func addPrimitive(
        _ primitive: OneDNNPrimitive, _ reads: [BufferID], _ writes: [BufferID], _ id: NodeID
    ) {
        add(WorkItem(operation: .primitive(primitive), reads: reads, writes: writes, rank: id.index))
    }

    /// `source` in the layout that a kernel wants: itself where it has it already.
    private mutating func reordered(
        _ source: BufferID, _ layout: MemoryLayout, _ wanted: MemoryLayout, _ id: NodeID
    ) throws(RuntimeError) -> BufferID {
        if layout.isSame(as: wanted) { return source }
        let copy = newBuffer(byteCount: wanted.byteCount)
        let reorder = try compiled(work: 0) { () throws(RuntimeError) in
            try OneDNNPrimitive.reorder(layout, to: wanted)
        }
        addPrimitive(reorder, [source], [copy], id)
        return copy
    }

    /// Compiles a primitive for as many threads as pay for themselves: the library fixes the number at this moment.
    /// - Parameter work: floating-point operations.
    private func compiled(
        work: Int, _ make: () throws(RuntimeError) -> OneDNNPrimitive
    ) throws(RuntimeError) -> OneDNNPrimitive {
        pk_set_threads(Int32(work >= Threading.smallestProduct ? threads : 1))
        defer { pk_set_threads(Int32(threads)) }
        return try make()
    }
}
