import PeriluneGraph
import Testing

/// Extents come from outside: whatever they are, an operation gives a shape or an error.
@Suite struct ExtentTests {
    static let extremes = [Int.min, -1, 0, 1, 2, 3, 1 << 31, 1 << 47, Int.max - 1, Int.max]

    private func refused(_ body: () throws -> SymbolicTensor) -> Bool {
        do {
            let tensor = try body()
            // What is not refused has a size that can be computed with.
            return tensor.spec.byteCount > 1 << 48
        } catch { return error is GraphError }
    }

    private func isSound(_ body: () throws -> SymbolicTensor) -> Bool {
        do { return try body().spec.byteCount <= 1 << 48 } catch { return error is GraphError }
    }

    @Test(arguments: extremes, extremes) func everyOperationGivesAShapeOrAnError(a: Int, b: Int) {
        let builder = GraphBuilder()
        let x = builder.input(0, TensorSpec([2, 3]))
        let image = builder.input(1, TensorSpec([2, 5, 5, 4]))
        let kernel = builder.literal(Tensor(repeating: 1, shape: [3, 3, 4, 2]))
        let labels = builder.input(2, TensorSpec([2], .int32))
        #expect(isSound { try x.padded(before: [a, b], after: [b, 1]) })
        #expect(isSound { try x.sliced(starts: [a, 0], extents: [b, 3]) })
        #expect(isSound { try x.sliced(starts: [0, a], extents: [2, b]) })
        #expect(isSound { try labels.oneHot(depth: a) })
        #expect(isSound { try builder.emit(.scatterAdd(rows: a), [labels, x])[0] })
        let padding = Padding(before: a, after: b)
        for window in [(a, b), (b, a), (2, a), (a, 2)] {
            #expect(
                isSound {
                    try image.pooled(
                        PoolingAttributes(
                            .maximum, window: [window.0, 2], strides: [window.1, 1], padding: [padding, .none]))
                })
            #expect(
                isSound {
                    try image.convolution(
                        kernel,
                        ConvolutionAttributes(
                            strides: [window.0, 1], dilations: [window.1, 1], padding: [padding, .none]))
                })
            #expect(
                isSound {
                    try image.convolution(
                        kernel,
                        ConvolutionAttributes(
                            strides: [1, 1], dilations: [1, 1], padding: [.none, .none], groups: window.0))
                })
        }
        if a > 0, b > 0 {
            let same = Padding.same(input: 5, window: a, stride: b, dilation: b)
            #expect(same.before >= 0 && same.after >= same.before)
            #expect(isSound { try x.broadcast(to: [a, 2, 3]) })
            #expect(isSound { try x.broadcast(to: [a, b, 2, 3]) })
        }
    }

    @Test func tooLargeIsAnError() throws {
        let builder = GraphBuilder()
        let x = builder.input(0, TensorSpec([1, 1]))
        #expect(refused { try x.broadcast(to: [1 << 40, 1 << 40]) })
        let column = try x.broadcast(to: [1 << 30, 1])
        #expect(refused { try column.matmul(column, transposeB: true) })
        let many = Shape([Int](repeating: 1, count: 17))
        #expect(throws: GraphError(.shapeMismatch, "reshape: its result has 17 axes, at most 16 are possible")) {
            try x.reshaped(to: many)
        }
    }
}
