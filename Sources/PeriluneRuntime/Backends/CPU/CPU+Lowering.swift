internal import PeriluneGraph

// What becomes of each operation that is not part of a loop.
extension CPU {
    static func lower(_ id: NodeID, _ postOps: PostOps, _ list: inout WorkList<CPU>) throws(RuntimeError) {
        let node = list.analysis.graph[id]
        let output = node.outputs[0]
        func operand(_ index: Int) -> TensorSpec { list.analysis.spec(node.inputs[index]) }
        switch node.op {
        case .input, .variable, .hyperparameter, .fill, .literal, .broadcast, .reshape, .stopGradient:
            // Put into memory when a step reads them there.
            break
        case .unary, .binary, .select, .cast:
            break
        case .random(let distribution, let stream):
            let kernel = RandomKernel(
                distribution: distribution, stream: stream, count: output.shape.elementCount)
            list.add(CPUStep(kernel), id)
        case .transpose(let permutation):
            let strides = operand(0).shape.rowMajorStrides
            list.add(move(ElementBox(output, from: permutation.map { strides[$0] })), id)
        case .slice(let starts, _):
            let strides = operand(0).shape.rowMajorStrides
            let offset = zip(starts, strides).map(*).reduce(0, +)
            list.add(move(ElementBox(output, from: strides, sourceOffset: offset)), id)
        case .pad(let before, _):
            list.add(move(padding(operand(0), before, to: output)), id)
        case .concatenate(let axis):
            addConcatenation(id, axis, &list)
        case .reduce(let operation, let axes):
            if list.analysis.reductionSide(id) == nil { addReduction(id, operation, axes, &list) }
        case .argMax:
            let (spec, rows) = (operand(0), output.shape.elementCount)
            list.add(CPUStep(ArgMaxKernel(dtype: spec.dtype, rows: rows, columns: spec.shape[-1])), id)
        case .inTopK(let k):
            list.add(CPUStep(InTopKKernel(rows: operand(0).shape[0], columns: operand(0).shape[1], k: k)), id)
        case .oneHot(let depth):
            list.add(CPUStep(OneHotKernel(count: operand(0).shape.elementCount, depth: depth)), id)
        case .gather:
            let table = operand(0)
            let kernel = GatherKernel(
                tableRows: table.shape[0], rowElements: table.shape.dropFirst().elementCount,
                elementByteCount: table.dtype.byteCount, count: operand(1).shape.elementCount)
            list.add(CPUStep(kernel), id)
        case .scatterAdd(let rows):
            let kernel = ScatterAddKernel(
                count: operand(0).shape.elementCount, rowElements: output.shape.dropFirst().elementCount, rows: rows)
            list.add(CPUStep(kernel), id)
        case .softmax:
            list.add(CPUStep(SoftmaxKernel(output.shape, logarithm: false)), id)
        case .logSoftmax:
            list.add(CPUStep(SoftmaxKernel(output.shape, logarithm: true)), id)
        case .matmul(let transposeA, let transposeB):
            try addMatmul(id, transposeA, transposeB, postOps.absorbed[id], &list)
        case .convolution(let attributes):
            try addConvolution(id, attributes, postOps.absorbed[id], &list)
        case .convolutionInputGradient(let attributes, let input):
            try addConvolutionInputGradient(id, attributes, input, &list)
        case .convolutionKernelGradient(let attributes, let kernel):
            try addConvolutionKernelGradient(id, attributes, kernel, bias: postOps.biasGradients[id], &list)
        case .pooling(let attributes):
            switch attributes.kind {
            case .maximum: addMaxPool(id, attributes, rectifier: postOps.rectifiers[id], &list)
            case .average: try addAveragePool(id, attributes, &list)
            }
        case .poolingGradient(let attributes, let input):
            switch attributes.kind {
            case .maximum:
                let windows = PoolingWindows(attributes, x: input, y: operand(0).shape)
                list.add(CPUStep(MaxPoolGradientKernel(windows)), id)
            case .average: try addAveragePoolGradient(id, attributes, input, &list)
            }
        case .batchNormalization(let epsilon):
            try addBatchNormalization(id, epsilon, &list)
        case .batchNormalizationGradient(let epsilon):
            try addBatchNormalizationGradient(id, epsilon, &list)
        case .scan(let scan):
            let kernel = try ScanKernel(scan, threads: list.threads)
            let reads = node.inputs.map { list.buffer($0) }
            let writes = node.outputs.indices.map { list.buffer(Value(id, output: $0)) }
            list.add(CPUStep(kernel), reads, writes, rank: id.index)
        }
    }

    private static func padding(_ inner: TensorSpec, _ before: [Int], to output: TensorSpec) -> ElementBox {
        let strides = output.shape.rowMajorStrides
        return ElementBox(
            elementByteCount: output.dtype.byteCount, extents: inner.shape.dimensions,
            sourceStrides: inner.shape.rowMajorStrides, targetStrides: strides,
            targetOffset: zip(before, strides).map(*).reduce(0, +), cleared: output.shape.elementCount)
    }

    private static func addConcatenation(_ id: NodeID, _ axis: Int, _ list: inout WorkList<CPU>) {
        let node = list.analysis.graph[id]
        let strides = node.outputs[0].shape.rowMajorStrides
        let target = list.buffer(Value(id))
        var start = 0
        // One buffer, several writers: each fills a part of its own.
        for input in node.inputs {
            let spec = list.analysis.spec(input)
            let box = ElementBox(
                elementByteCount: spec.dtype.byteCount, extents: spec.shape.dimensions,
                sourceStrides: spec.shape.rowMajorStrides, targetStrides: strides, targetOffset: start * strides[axis])
            let read = list.buffer(input)
            list.add(move(box), [read], [target], rank: id.index)
            start += spec.shape[axis]
        }
    }

    /// A reduction that is not part of a loop: of int32, over axes in the middle, or over several that are apart. The
    /// kept axes are moved to the front then.
    private static func addReduction(
        _ id: NodeID, _ operation: ReduceOperation, _ axes: [Int], _ list: inout WorkList<CPU>
    ) {
        let input = list.analysis.graph[id].inputs[0]
        let spec = list.analysis.spec(input)
        let shape = spec.shape
        func extent(_ axes: some Sequence<Int>) -> Int { Shape(axes.map { shape[$0] }).elementCount }
        let target = list.buffer(Value(id))
        var source = list.buffer(input)
        var kernel = ReduceKernel(
            operation: operation, dtype: spec.dtype, outer: extent(0..<axes[0]), middle: extent(axes),
            inner: extent(axes[axes.count - 1] + 1..<shape.rank))
        if axes[axes.count - 1] - axes[0] != axes.count - 1 {
            let kept = shape.dimensions.indices.filter { !axes.contains($0) }
            let order = kept + axes
            let moved = TensorSpec(Shape(order.map { shape[$0] }), spec.dtype)
            let copy = list.newBuffer(.arena, Buffer.Contents(moved))
            let box = ElementBox(moved, from: order.map { shape.rowMajorStrides[$0] })
            list.add(move(box), [source], [copy], rank: id.index)
            source = copy
            kernel = ReduceKernel(
                operation: operation, dtype: spec.dtype, outer: extent(kept), middle: extent(axes), inner: 1)
        }
        list.add(CPUStep(kernel), [source], [target], rank: id.index)
    }

    private static func addMaxPool(
        _ id: NodeID, _ attributes: PoolingAttributes, rectifier: NodeID?, _ list: inout WorkList<CPU>
    ) {
        let (node, analysis) = (list.analysis.graph[id], list.analysis)
        let windows = PoolingWindows(attributes, x: analysis.spec(node.inputs[0]).shape, y: node.outputs[0].shape)
        let isForGradient = analysis.users[id.index].contains { user in
            analysis.graph[user].inputs.contains(Value(id, output: 1))
        }
        let x = list.buffer(node.inputs[0])
        var writes = [list.buffer(Value(rectifier ?? id))]
        if isForGradient {
            writes.append(list.workspace(Value(id, output: 1), byteCount: windows.workspaceByteCount))
        }
        list.add(CPUStep(MaxPoolKernel(windows, rectifies: rectifier != nil)), [x], writes, rank: id.index)
    }
}
