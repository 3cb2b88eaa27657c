import PeriluneGraph

extension ReferenceEvaluator {
    /// One multiplication of a convolution: where it reads x and the kernel, and where it adds to y.
    private static func forEachTap(
        _ attributes: ConvolutionAttributes, x: Shape, kernel: Shape, y: Shape,
        _ body: (_ x: [Int], _ kernel: [Int], _ y: [Int]) -> Void
    ) {
        let axes = x.rank - 2
        let perGroup = (input: kernel[-2], output: kernel[-1] / attributes.groups)
        let window = Shape(Swift.Array(kernel.dimensions.prefix(axes)))
        _ = build(y) { position in
            let output = position.last!
            _ = build(window) { tap in
                let spatial = (0..<axes).map { axis -> Int in
                    let start = position[axis + 1] * attributes.strides[axis] - attributes.padding[axis].before
                    return start + tap[axis] * attributes.dilations[axis]
                }
                guard (0..<axes).allSatisfy({ spatial[$0] >= 0 && spatial[$0] < x[$0 + 1] }) else { return 0 }
                for channel in 0..<perGroup.input {
                    let input = output / perGroup.output * perGroup.input + channel
                    body([position[0]] + spatial + [input], tap + [channel, output], position)
                }
                return 0
            }
            return 0
        }
    }

    static func convolution(_ op: Op, _ operands: [Array], _ shape: Shape) -> Array {
        var result = Array(shape, .init(repeating: 0, count: shape.elementCount))
        let strides = shape.rowMajorStrides
        func add(_ index: [Int], _ value: Double) {
            result.elements[zip(index, strides).map(*).reduce(0, +)] += value
        }
        let (a, b) = (operands[0], operands[1])
        switch op {
        case .convolution(let attributes):
            forEachTap(attributes, x: a.shape, kernel: b.shape, y: shape) { x, k, y in add(y, a[x] * b[k]) }
        case .convolutionInputGradient(let attributes, _):
            forEachTap(attributes, x: shape, kernel: b.shape, y: a.shape) { x, k, y in add(x, a[y] * b[k]) }
        case .convolutionKernelGradient(let attributes, _):
            forEachTap(attributes, x: a.shape, kernel: shape, y: b.shape) { x, k, y in add(k, a[x] * b[y]) }
        default: fatalError("not a convolution")
        }
        return result
    }

    /// The indices of x that the pooling window of `position` covers.
    static func window(_ attributes: PoolingAttributes, _ position: [Int], _ x: Shape) -> [[Int]] {
        var indices: [[Int]] = [[position[0]]]
        for axis in attributes.window.indices {
            let start = position[axis + 1] * attributes.strides[axis] - attributes.padding[axis].before
            let range = (start..<start + attributes.window[axis]).clamped(to: 0..<x[axis + 1])
            indices = indices.flatMap { index in range.map { index + [$0] } }
        }
        return indices.map { $0 + [position.last!] }
    }

    static func poolingGradient(_ attributes: PoolingAttributes, dy: Array, x: Array, _ shape: Shape) -> Array {
        var result = Array(shape, .init(repeating: 0, count: shape.elementCount))
        let strides = shape.rowMajorStrides
        _ = build(dy.shape) { position in
            let window = window(attributes, position, shape)
            let highest = window.map { x[$0] }.max()!
            let targets = attributes.kind == .maximum ? [window.first { x[$0] == highest }!] : window
            for index in targets {
                result.elements[zip(index, strides).map(*).reduce(0, +)] += dy[position] / Double(targets.count)
            }
            return 0
        }
        return result
    }
}
