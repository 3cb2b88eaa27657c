/// The shapes and element types that each operation takes and gives.
enum ShapeRules {
    /// The specs of the outputs of `op`; `leaf` is the spec of a leaf that says nothing of its own.
    /// - Throws: `GraphError` where the operands do not fit; the message has the operation and the shapes.
    static func outputs(of op: Op, _ inputs: [TensorSpec], leaf: TensorSpec?) throws -> [TensorSpec] {
        switch op {
        case .input, .variable, .fill, .random:
            return [leaf ?? TensorSpec(.scalar)]
        case .hyperparameter:
            return [TensorSpec(.scalar)]
        case .literal(let tensor):
            return [tensor.spec]
        case .unary(let operation):
            if !(operation.takesIntegers && inputs[0].dtype == .int32) {
                try require(.float32, inputs[0], operation.rawValue)
            }
            return [inputs[0]]
        case .binary(let operation):
            return try [binary(operation, inputs[0], inputs[1])]
        case .select:
            try require(.float32, inputs[0], "select")
            try require(inputs[1].dtype, inputs[2], "select")
            return [inputs[1]]
        case .cast(let dtype):
            return [TensorSpec(inputs[0].shape, dtype)]
        case .stopGradient:
            return [inputs[0]]
        case .broadcast(let shape):
            guard inputs[0].shape.broadcast(with: shape) == shape else {
                throw GraphError(.shapeMismatch, "broadcast: \(inputs[0].shape) does not broadcast to \(shape)")
            }
            return [TensorSpec(shape, inputs[0].dtype)]
        case .reshape(let shape):
            guard shape.elementCount == inputs[0].shape.elementCount else {
                throw GraphError(.shapeMismatch, "reshape: \(inputs[0].shape) does not have the elements of \(shape)")
            }
            return [TensorSpec(shape, inputs[0].dtype)]
        case .transpose(let permutation):
            guard permutation.sorted() == Array(0..<inputs[0].shape.rank) else {
                throw GraphError(.invalidAttribute, "transpose: \(permutation) does not permute \(inputs[0].shape)")
            }
            return [TensorSpec(Shape(permutation.map { inputs[0].shape[$0] }), inputs[0].dtype)]
        case .slice(let starts, let extents):
            return try [slice(inputs[0], starts, extents)]
        case .pad(let before, let after):
            return try [pad(inputs[0], before, after)]
        case .concatenate(let axis):
            return try [concatenate(inputs, axis)]
        case .reduce(_, let axes):
            let kept = inputs[0].shape.dimensions.enumerated().filter { !axes.contains($0.offset) }
            return [TensorSpec(Shape(kept.map(\.element)), inputs[0].dtype)]
        case .argMax:
            try requireRank(1..., inputs[0], "argMax")
            return [TensorSpec(Shape(Array(inputs[0].shape.dimensions.dropLast())), .int32)]
        case .inTopK:
            try require(.float32, inputs[0], "inTopK")
            try require(.int32, inputs[1], "inTopK")
            guard inputs[0].shape.rank == 2, inputs[1].shape == [inputs[0].shape[0]] else {
                throw GraphError(
                    .shapeMismatch,
                    "inTopK: takes [n, classes] and [n], got \(inputs[0].shape) and \(inputs[1].shape)")
            }
            return [TensorSpec(inputs[1].shape)]
        case .oneHot(let depth):
            try require(.int32, inputs[0], "oneHot")
            guard depth >= 0 else { throw GraphError(.invalidAttribute, "oneHot: depth \(depth) is negative") }
            return [TensorSpec(Shape(inputs[0].shape.dimensions + [depth]))]
        case .gather:
            try require(.int32, inputs[1], "gather")
            try requireRank(1..., inputs[0], "gather")
            return [
                TensorSpec(
                    Shape(inputs[1].shape.dimensions + inputs[0].shape.dropFirst().dimensions), inputs[0].dtype)
            ]
        case .scatterAdd(let rows):
            try require(.int32, inputs[0], "scatterAdd")
            return [TensorSpec(inputs[1].shape.dropFirst(inputs[0].shape.rank).prepending(rows))]
        case .matmul(let transposeA, let transposeB):
            return try [matmul(inputs[0], inputs[1], transposeA, transposeB)]
        case .convolution(let attributes):
            return try [convolution(inputs[0], kernel: inputs[1], attributes)]
        case .convolutionInputGradient(_, let input):
            return [TensorSpec(input)]
        case .convolutionKernelGradient(_, let kernel):
            return [TensorSpec(kernel)]
        case .pooling(let attributes):
            let output = try pooling(inputs[0], attributes)
            return [output, TensorSpec(output.shape, .int32)]
        case .poolingGradient(_, let input):
            return [TensorSpec(input)]
        case .batchNormalization:
            try requireRank(2..., inputs[0], "batchNormalization")
            let channels = TensorSpec([inputs[0].shape[-1]])
            try require(channels, inputs[1], "batchNormalization: gamma")
            try require(channels, inputs[2], "batchNormalization: beta")
            return [inputs[0], channels, channels]
        case .batchNormalizationGradient:
            let channels = TensorSpec([inputs[0].shape[-1]])
            return [inputs[0], channels, channels]
        case .softmax, .logSoftmax:
            try require(.float32, inputs[0], "softmax")
            try requireRank(1..., inputs[0], "softmax")
            return [inputs[0]]
        case .scan(let scan):
            return try self.scan(scan, inputs)
        }
    }
}

// Requirements that several operations share.
extension ShapeRules {
    /// The most bytes of a tensor: far above any memory, and far enough below what an address can say.
    private static let mostBytes = 1 << 48

    /// The most axes of a tensor that an operation makes.
    private static let mostAxes = 16

    /// - Throws: `GraphError` where a result has more elements than any memory could hold, or too many axes.
    static func requirePossible(_ outputs: [TensorSpec], _ op: Op) throws {
        for output in outputs where output.shape.rank > mostAxes {
            throw GraphError(
                .shapeMismatch,
                "\(op.label): its result has \(output.shape.rank) axes, at most \(mostAxes) are possible")
        }
        for output in outputs where output.byteCount > mostBytes {
            throw GraphError(.shapeMismatch, "\(op.label): its result of shape \(output.shape) is too large")
        }
    }

    /// A sum of extents, which may be anything from outside; nil where it overflows.
    static func sum(_ extents: [Int]) -> Int? {
        extents.reduce(0) { total, extent in
            total.flatMap { total in
                let (sum, overflows) = total.addingReportingOverflow(extent)
                return overflows ? nil : sum
            }
        }
    }

    static func require(_ dtype: DType, _ spec: TensorSpec, _ name: String) throws {
        guard spec.dtype == dtype else {
            throw GraphError(.typeMismatch, "\(name): takes \(dtype.rawValue), got \(spec)")
        }
    }

    static func require(_ expected: TensorSpec, _ spec: TensorSpec, _ name: String) throws {
        guard spec == expected else {
            throw GraphError(.shapeMismatch, "\(name): takes \(expected), got \(spec)")
        }
    }

    static func requireRank(_ ranks: PartialRangeFrom<Int>, _ spec: TensorSpec, _ name: String) throws {
        guard ranks.contains(spec.shape.rank) else {
            throw GraphError(
                .shapeMismatch, "\(name): takes at least \(ranks.lowerBound) axes, got shape \(spec.shape)")
        }
    }
}
