import PeriluneGraph
import PeriluneRuntime
import PeriluneTestSupport
import Testing

/// NaN is never hidden: what is computed from a NaN is NaN, wherever it stands, whatever the batch size, and however
/// the operation is run (a loop of its own, on the side of a product, of a convolution or of a pooling).
@Suite struct NaNTests {
    static let batches = [1, 2, 17]

    /// What becomes of a tensor before an operation is applied to it; each keeps every element apart from the others'.
    enum Producer: CaseIterable {
        case nothing, product, productWithBias, convolution, convolutionWithBias, maxPooling, averagePooling
    }

    /// [n, 4] after `producer`, where row and column of a NaN in the input are those of a NaN in the result.
    private func emit(_ producer: Producer, _ x: SymbolicTensor) throws -> SymbolicTensor {
        let builder = x.builder
        let n = x.shape[0]
        // Depthwise, or times a diagonal matrix of one row each, so that NaN stays in its column.
        let image = try x.reshaped(to: [n, 1, 1, 4])
        let kernel = builder.literal(Tensor(repeating: 1, shape: [1, 1, 1, 4]))
        let window = ConvolutionAttributes(strides: [1, 1], dilations: [1, 1], padding: [.none, .none], groups: 4)
        let bias = builder.literal(Tensor(repeating: 0, shape: [4]))
        func pool(_ kind: PoolingAttributes.Kind) throws -> SymbolicTensor {
            let pair = try SymbolicTensor.concatenated([image, image * 0.5], axis: 1)
            return try pair.pooled(
                PoolingAttributes(kind, window: [2, 1], strides: [2, 1], padding: [.none, .none]))
        }
        let y: SymbolicTensor =
            switch producer {
            case .nothing: x
            case .product: try perColumn(x)
            case .productWithBias: try perColumn(x) + bias
            case .convolution: try image.convolution(kernel, window)
            case .convolutionWithBias: try image.convolution(kernel, window) + bias
            case .maxPooling: try pool(.maximum)
            case .averagePooling: try pool(.average)
            }
        return try y.reshaped(to: [n, 4])
    }

    /// A product of each row with a matrix of ones, as one matrix of each row: [n, 1] x [1, 4] of the row's sum. NaN in
    /// a row is in all its columns.
    private func perColumn(_ x: SymbolicTensor) throws -> SymbolicTensor {
        try x.matmul(x.builder.literal(Tensor(repeating: 1, shape: [4, 4])))
    }

    private func spreads(_ producer: Producer) -> Bool {
        switch producer {
        case .product, .productWithBias: true
        case .nothing, .convolution, .convolutionWithBias, .maxPooling, .averagePooling: false
        }
    }

    /// Positive numbers with one NaN.
    private func input(_ batch: Int, nan position: Int) -> Tensor {
        var elements = testTensor([batch, 4], seed: 3, in: 0.1...0.9).floats
        elements[position] = .nan
        return Tensor(elements, shape: [batch, 4])
    }

    private func expectNaN(
        _ tensor: Tensor, _ what: String, _ isExpected: (Int) -> Bool,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let wrong = tensor.floats.indices.filter { tensor.floats[$0].isNaN != isExpected($0) }
        #expect(wrong.isEmpty, "\(what): \(tensor.floats)", sourceLocation: sourceLocation)
    }

    @Test(arguments: UnaryOperation.allCases, batches) func unary(_ operation: UnaryOperation, batch: Int) throws {
        for producer in Producer.allCases {
            for position in [0, batch * 4 - 1, batch * 2] {
                let y = try evaluate([input(batch, nan: position)]) { _, x in
                    [try emit(producer, x[0]).applying(operation)]
                }[0]
                expectNaN(y, "\(operation) of \(producer), \(position)") {
                    spreads(producer) ? $0 / 4 == position / 4 : $0 == position
                }
            }
        }
    }

    @Test(arguments: batches) func aTrainedActivation(batch: Int) throws {
        for operation in [UnaryOperation.relu, .tanh, .sigmoid] {
            for producer in Producer.allCases {
                let x = input(batch, nan: 0)
                let graph = try buildGraph([x]) { builder, x in
                    let y = try emit(producer, x[0]).applying(operation)
                    return try [y] + builder.gradients(of: y.squared().sum(), withRespectTo: [x[0]])
                }
                let variables = VariableStore()
                var context = try ExecutionContext(Program(graph, variables: variables), variables: variables)
                try context.run(inputs: [x])
                for output in 0...1 {
                    #expect(context.tensor(output).floats[0].isNaN, "\(operation) of \(producer), \(output)")
                }
            }
        }
    }

    @Test(arguments: batches) func activationsOfPooling(batch: Int) throws {
        let pool = PoolingAttributes(.maximum, window: [2, 2], strides: [2, 2], padding: [.none, .none])
        for channels in [1, 3, 4, 8, 16, 35] {
            for negative in [false, true] {
                let shape: Shape = [batch, 4, 4, channels]
                var elements = testTensor(shape, in: negative ? -2 ... -1 : 1...2).floats
                let position = elements.count - 1
                elements[position] = .nan
                for first in [true, false] {
                    let y = try evaluate([Tensor(elements, shape: shape)]) { _, x in
                        [first ? try x[0].relu().pooled(pool) : try x[0].pooled(pool).relu()]
                    }[0]
                    expectNaN(y, "\(channels) channels, relu first: \(first)") { $0 == y.elementCount - 1 }
                    #expect(y.floats.dropLast().allSatisfy { negative ? $0 == 0 : $0 >= 1 })
                }
            }
        }
    }

    @Test(arguments: [BinaryOperation.add, .subtract, .multiply, .divide, .power, .maximum, .minimum], batches)
    func binary(_ operation: BinaryOperation, batch: Int) throws {
        for position in [0, batch * 4 - 1] {
            let (x, other) = (input(batch, nan: position), testTensor([batch, 4], seed: 4, in: 0.2...1))
            let y = try evaluate([x, other]) { _, x in
                try [
                    x[0].combined(operation, x[1]), x[1].combined(operation, x[0]), x[0].combined(operation, 0.5),
                    x[0].builder.fill(0.5).combined(operation, x[0]), x[0].exp().combined(operation, x[1]),
                ]
            }
            for (index, y) in y.enumerated() { expectNaN(y, "\(operation) \(index)") { $0 == position } }
        }
    }

    @Test(arguments: batches) func comparisons(batch: Int) throws {
        let x = input(batch, nan: 1)
        for operation in BinaryOperation.allCases where operation.isComparison {
            let y = try evaluate([x]) { _, x in [try x[0].combined(operation, x[0])] }[0]
            #expect(y.floats[1] == (operation == .notEqual ? 1 : 0), "\(operation)")
        }
    }

    @Test(arguments: ReduceOperation.allCases, [1, 2, 7, 17, 600]) func reductions(
        _ operation: ReduceOperation, count: Int
    ) throws {
        for axes in [[0], [1], [2], [0, 1], [1, 2], [0, 2], [0, 1, 2]] {
            let shape: Shape = [3, count, 4]
            for position in [0, shape.elementCount - 1, shape.elementCount / 2] {
                var elements = testTensor(shape, seed: 5).floats
                elements[position] = .nan
                let x = Tensor(elements, shape: shape)
                let y = try evaluate([x]) { _, x in
                    try [x[0].reduced(operation, axes), x[0].tanh().reduced(operation, axes)]
                }
                let isNaN = try evaluate([x]) { _, x in
                    [try x[0].combined(.notEqual, x[0]).reduced(.maximum, axes)]
                }[0].floats
                #expect(isNaN.filter { $0 == 1 }.count == 1)
                for (index, y) in y.enumerated() {
                    expectNaN(y, "\(operation) \(axes) \(position) \(index)") { isNaN[$0] == 1 }
                }
            }
        }
    }

    @Test(arguments: [1, 5, 16, 700]) func rows(columns: Int) throws {
        for position in [0, columns - 1, columns / 2] {
            var elements = testTensor([3, columns], seed: 6).floats
            elements[columns + position] = .nan
            let labels = Tensor([0, Int32(position), 0], shape: [3])
            let y = try evaluate([Tensor(elements, shape: [3, columns]), labels]) { _, x in
                try [x[0].softmax(), x[0].logSoftmax(), x[0].argMax(), x[0].inTopK(1000, labels: x[1])]
            }
            expectNaN(y[0], "softmax") { $0 / columns == 1 }
            expectNaN(y[1], "logSoftmax") { $0 / columns == 1 }
            #expect(y[2].integers[1] == Int32(position), "NaN counts as the largest, as in NumPy")
            #expect(y[3].floats == [1, 0, 1], "a class without a score is not among the best")
        }
    }

    @Test func batchNormalization() throws {
        var elements = testTensor([6, 3]).floats
        elements[4] = .nan
        let y = try evaluate([Tensor(elements, shape: [6, 3])]) { builder, x in
            let (gamma, beta) = (builder.fill(1, [3]), builder.fill(0, [3]))
            let (y, mean, variance) = try x[0].batchNormalized(gamma: gamma, beta: beta, epsilon: 1e-3)
            return [y, mean, variance]
        }
        for y in y { expectNaN(y, "batch normalization") { $0 % 3 == 1 } }
    }
}
