// The longer rules, one function an operation.
extension ShapeRules {
    static func binary(_ operation: BinaryOperation, _ a: TensorSpec, _ b: TensorSpec) throws -> TensorSpec {
        if !operation.takesIntegers { try require(.float32, a, operation.rawValue) }
        guard a == b else {
            throw GraphError(
                a.shape == b.shape ? .typeMismatch : .shapeMismatch, "\(operation.rawValue): \(a) and \(b) differ")
        }
        return TensorSpec(a.shape, operation.isComparison ? .float32 : a.dtype)
    }

    static func slice(_ input: TensorSpec, _ starts: [Int], _ extents: [Int]) throws -> TensorSpec {
        let fits =
            starts.count == input.shape.rank && extents.count == input.shape.rank
            && zip(zip(starts, extents), input.shape.dimensions).allSatisfy { box, size in
                box.0 >= 0 && box.1 >= 0 && box.0 <= size && box.1 <= size - box.0
            }
        guard fits else {
            throw GraphError(
                .invalidAttribute, "slice: a box at \(starts) of \(Shape(extents)) is not within \(input.shape)")
        }
        return TensorSpec(Shape(extents), input.dtype)
    }

    static func pad(_ input: TensorSpec, _ before: [Int], _ after: [Int]) throws -> TensorSpec {
        guard before.count == input.shape.rank, after.count == input.shape.rank,
            (before + after).allSatisfy({ $0 >= 0 })
        else {
            throw GraphError(.invalidAttribute, "pad: \(before) and \(after) do not fit shape \(input.shape)")
        }
        let dimensions = input.shape.dimensions.indices.map { sum([input.shape[$0], before[$0], after[$0]]) ?? .max }
        return TensorSpec(Shape(dimensions), input.dtype)
    }

    static func concatenate(_ inputs: [TensorSpec], _ axis: Int) throws -> TensorSpec {
        let first = inputs[0]
        for other in inputs.dropFirst() {
            guard other.shape.rank == first.shape.rank, other.dtype == first.dtype,
                other.shape.replacing(axis: axis, with: 0) == first.shape.replacing(axis: axis, with: 0)
            else {
                throw GraphError(
                    .shapeMismatch, "concatenate: \(first) and \(other) differ in more than axis \(axis)")
            }
        }
        let extent = sum(inputs.map { $0.shape[axis] }) ?? .max
        return TensorSpec(first.shape.replacing(axis: axis, with: extent), first.dtype)
    }

    static func matmul(
        _ a: TensorSpec, _ b: TensorSpec, _ transposeA: Bool, _ transposeB: Bool
    ) throws -> TensorSpec {
        try require(.float32, a, "matmul")
        try require(.float32, b, "matmul")
        let rank = a.shape.rank
        guard rank >= 2, rank == b.shape.rank,
            a.shape.dimensions.dropLast(2) == b.shape.dimensions.dropLast(2)
        else {
            throw GraphError(.shapeMismatch, "matmul: shapes \(a.shape) and \(b.shape) do not pair up")
        }
        let (rows, innerA) = transposeA ? (a.shape[-1], a.shape[-2]) : (a.shape[-2], a.shape[-1])
        let (innerB, columns) = transposeB ? (b.shape[-1], b.shape[-2]) : (b.shape[-2], b.shape[-1])
        guard innerA == innerB else {
            throw GraphError(
                .shapeMismatch, "matmul: inner extents \(innerA) and \(innerB) differ: \(a.shape) x \(b.shape)")
        }
        return TensorSpec(Shape(a.shape.dimensions.dropLast(2) + [rows, columns]))
    }

    static func convolution(
        _ x: TensorSpec, kernel: TensorSpec, _ attributes: ConvolutionAttributes
    ) throws -> TensorSpec {
        try require(.float32, x, "convolution")
        try require(.float32, kernel, "convolution")
        let axes = x.shape.rank - 2
        guard (1...3).contains(axes), kernel.shape.rank == x.shape.rank, attributes.strides.count == axes,
            attributes.dilations.count == axes, attributes.padding.count == axes
        else {
            throw GraphError(
                .shapeMismatch,
                "convolution: takes [n, …spatial, in] and [...window, in, out], got \(x.shape) and \(kernel.shape)")
        }
        let (channels, outputs, groups) = (x.shape[-1], kernel.shape[-1], attributes.groups)
        guard groups > 0, channels % groups == 0, channels / groups == kernel.shape[-2], outputs % groups == 0 else {
            throw GraphError(
                .shapeMismatch,
                "convolution: \(channels) channels in \(groups) group(s) do not fit a kernel of \(kernel.shape)")
        }
        var dimensions = [x.shape[0]]
        for axis in 0..<axes {
            guard kernel.shape[axis] > 0, attributes.dilations[axis] > 0 else {
                throw GraphError(
                    .invalidAttribute,
                    "convolution: window \(kernel.shape) and dilations \(attributes.dilations) must be positive")
            }
            let (reach, overflows) = (kernel.shape[axis] - 1).multipliedReportingOverflow(
                by: attributes.dilations[axis])
            let window = overflows || reach == .max ? .max : reach + 1
            try dimensions.append(
                positions(
                    "convolution", x.shape, axis, window, attributes.strides[axis], attributes.padding[axis]))
        }
        return TensorSpec(Shape(dimensions + [outputs]))
    }

    static func pooling(_ x: TensorSpec, _ attributes: PoolingAttributes) throws -> TensorSpec {
        try require(.float32, x, "pooling")
        let axes = x.shape.rank - 2
        guard (1...3).contains(axes), attributes.window.count == axes, attributes.strides.count == axes,
            attributes.padding.count == axes
        else {
            throw GraphError(.shapeMismatch, "pooling: takes [n, …spatial, channels], got \(x.shape)")
        }
        var dimensions = [x.shape[0]]
        for axis in 0..<axes {
            try dimensions.append(
                positions(
                    "pooling", x.shape, axis, attributes.window[axis], attributes.strides[axis],
                    attributes.padding[axis]))
        }
        return TensorSpec(Shape(dimensions + [x.shape[-1]]))
    }

    private static func positions(
        _ name: String, _ shape: Shape, _ axis: Int, _ window: Int, _ stride: Int, _ padding: Padding
    ) throws -> Int {
        let room = sum([shape[axis + 1], padding.before, padding.after]) ?? .max
        guard window > 0, stride > 0, padding.before >= 0, padding.after >= 0 else {
            throw GraphError(.invalidAttribute, "\(name): window \(window) and stride \(stride) must be positive")
        }
        guard room >= window else {
            throw GraphError(
                .shapeMismatch, "\(name): a window of \(window) does not fit spatial axis \(axis) of \(shape)")
        }
        return (room - window) / stride + 1
    }

    /// A carry has to come out of a step as it goes in.
    static func scan(_ scan: Scan, _ inputs: [TensorSpec]) throws -> [TensorSpec] {
        let results = scan.resultSpecs
        guard scan.length >= 0 else {
            throw GraphError(.invalidAttribute, "scan: takes 0 steps or more, got \(scan.length)")
        }
        guard inputs.count >= scan.carryCount + scan.sequenceCount, scan.stepSpecs(inputs) != nil else {
            throw GraphError(.shapeMismatch, "scan: the sequences must have \(scan.length) rows each")
        }
        for index in 0..<scan.carryCount where inputs[index] != results[index] {
            throw GraphError(
                .shapeMismatch,
                "scan: carry \(index + 1) is \(inputs[index]) before a step and \(results[index]) after it")
        }
        return results
    }
}
