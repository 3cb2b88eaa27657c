internal import CKernels
internal import PeriluneGraph

// What becomes of each operation that is not part of a loop.
extension Lowering {
    mutating func lower(_ id: NodeID) throws(RuntimeError) {
        let node = analysis.graph[id]
        let output = node.outputs[0].shape
        switch node.op {
        case .input, .variable, .hyperparameter, .fill, .literal, .broadcast, .reshape, .stopGradient:
            // Put into memory when someone wants them there.
            break
        case .unary, .binary, .select, .cast:
            break
        case .random(let distribution, let stream):
            addKernel(id, .random(distribution, stream: stream, count: output.elementCount))
        case .transpose(let permutation):
            let strides = analysis.spec(node.inputs[0]).shape.rowMajorStrides
            addKernel(id, .move(output, from: permutation.map { strides[$0] }))
        case .slice(let starts, _):
            let strides = analysis.spec(node.inputs[0]).shape.rowMajorStrides
            let offset = zip(starts, strides).map(*).reduce(0, +)
            addKernel(id, .move(output, from: strides, sourceOffset: offset))
        case .pad(let before, _):
            let inner = analysis.spec(node.inputs[0]).shape
            let offset = zip(before, output.rowMajorStrides).map(*).reduce(0, +)
            addKernel(
                id,
                .copy(
                    extents: inner.dimensions, source: inner.rowMajorStrides, target: output.rowMajorStrides,
                    sourceOffset: 0, targetOffset: offset, clearing: output.elementCount))
        case .concatenate(let axis):
            addConcatenation(id, axis)
        case .reduce(let operation, let axes):
            if analysis.reductionSide(id) == nil { addReduction(id, operation, axes) }
        case .argMax:
            addKernel(id, .argMax(rows: output.elementCount, columns: analysis.spec(node.inputs[0]).shape[-1]))
        case .inTopK(let k):
            let shape = analysis.spec(node.inputs[0]).shape
            addKernel(id, .inTopK(rows: shape[0], columns: shape[1], k: k))
        case .oneHot(let depth):
            addKernel(id, .oneHot(count: analysis.spec(node.inputs[0]).shape.elementCount, depth: depth))
        case .gather:
            let table = analysis.spec(node.inputs[0]).shape
            addKernel(
                id,
                .gather(
                    tableRows: table[0], rowElements: table.dropFirst().elementCount,
                    count: analysis.spec(node.inputs[1]).shape.elementCount))
        case .scatterAdd(let rows):
            addKernel(
                id,
                .scatterAdd(
                    count: analysis.spec(node.inputs[0]).shape.elementCount,
                    rowElements: output.dropFirst().elementCount, rows: rows))
        case .softmax, .logSoftmax:
            let columns = output[-1]
            addKernel(
                id,
                .softmax(
                    rows: columns == 0 ? 0 : output.elementCount / columns, columns: columns,
                    logarithm: node.op == .logSoftmax))
        case .matmul(let transposeA, let transposeB):
            try addMatmul(id, transposeA, transposeB)
        case .convolution(let attributes):
            try addConvolution(id, attributes)
        case .convolutionInputGradient(let attributes, let input):
            try addConvolutionInputGradient(id, attributes, input)
        case .convolutionKernelGradient(let attributes, let kernel):
            try addConvolutionKernelGradient(id, attributes, kernel)
        case .pooling(let attributes):
            try addPooling(id, attributes)
        case .poolingGradient(let attributes, let input):
            try addPoolingGradient(id, attributes, input)
        case .batchNormalization(let epsilon):
            try addBatchNormalization(id, epsilon)
        case .batchNormalizationGradient(let epsilon):
            try addBatchNormalizationGradient(id, epsilon)
        }
    }

    private mutating func addConcatenation(_ id: NodeID, _ axis: Int) {
        let node = analysis.graph[id]
        let strides = node.outputs[0].shape.rowMajorStrides
        let target = buffer(Value(id))
        var start = 0
        // One buffer, several writers: each fills a part of its own.
        for input in node.inputs {
            let shape = analysis.spec(input).shape
            let call = KernelCall.copy(
                extents: shape.dimensions, source: shape.rowMajorStrides, target: strides, sourceOffset: 0,
                targetOffset: start * strides[axis], clearing: 0)
            let read = buffer(input)
            add(WorkItem(operation: .kernel(call), reads: [read], writes: [target], rank: id.index))
            start += shape[axis]
        }
    }

    /// A reduction over axes in the middle, or over several that are apart: the kept axes are moved to the front first.
    private mutating func addReduction(_ id: NodeID, _ operation: ReduceOperation, _ axes: [Int]) {
        let input = analysis.graph[id].inputs[0]
        let shape = analysis.spec(input).shape
        let target = buffer(Value(id))
        let reduced = axes.map { shape[$0] }.reduce(1, *)
        let kept = shape.dimensions.indices.filter { !axes.contains($0) }
        var source = buffer(input)
        var call = KernelCall.reduce(
            operation, outer: shape.dimensions[..<axes[0]].reduce(1, *), middle: reduced,
            inner: shape.dimensions[(axes[axes.count - 1] + 1)...].reduce(1, *))
        if axes[axes.count - 1] - axes[0] != axes.count - 1 {
            let order = kept + axes
            let moved = Shape(order.map { shape[$0] })
            let copy = newBuffer(byteCount: shape.elementCount * 4)
            let move = KernelCall.move(moved, from: order.map { shape.rowMajorStrides[$0] })
            add(WorkItem(operation: .kernel(move), reads: [source], writes: [copy], rank: id.index))
            source = copy
            call = .reduce(operation, outer: kept.map { shape[$0] }.reduce(1, *), middle: reduced, inner: 1)
        }
        add(WorkItem(operation: .kernel(call), reads: [source], writes: [target], rank: id.index))
    }
}

extension KernelCall {
    /// A copy to a dense row-major tensor.
    static func move(_ shape: Shape, from strides: [Int], sourceOffset: Int = 0) -> KernelCall {
        .copy(
            extents: shape.dimensions, source: strides, target: shape.rowMajorStrides, sourceOffset: sourceOffset,
            targetOffset: 0, clearing: 0)
    }
}
