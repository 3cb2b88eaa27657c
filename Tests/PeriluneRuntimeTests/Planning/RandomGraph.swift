import PeriluneGraph
import PeriluneRuntime
import PeriluneTestSupport

/// A graph of random operations on whole numbers: whatever the order of additions, float32 is exact for them, so that a
/// program must give the very numbers of the naive evaluator.
struct RandomGraph {
    let graph: Graph
    let inputs: [Tensor]
    let store = VariableStore()
    private(set) var variables: [VariableID: Tensor] = [:]

    init(seed: UInt64) throws {
        var maker = try Maker(seed: seed, store)
        for _ in 0..<maker.random.next(below: 40) + 5 { try maker.addOperation() }
        try maker.addEdges()
        graph = maker.builder.graph
        inputs = maker.inputs
        variables = maker.variables
    }

    /// Makes the graph, operation by operation.
    private struct Maker {
        var random: Generator
        let builder = GraphBuilder()
        var inputs: [Tensor] = []
        var variables: [VariableID: Tensor] = [:]
        /// Float tensors that have values, of two or more axes.
        private var pool: [SymbolicTensor] = []
        /// As many as go into an output.
        private var symbols: [VariableID: SymbolicTensor] = [:]

        init(seed: UInt64, _ store: VariableStore) throws {
            random = Generator(seed: seed)
            let shapes: [Shape] = [[4, 6], [6, 4], [4, 1], [1, 6], [2, 4, 6], [2, 3, 4, 4], [3, 5], [17, 33]]
            for index in 0..<3 {
                let shape = random.pick(shapes)
                inputs.append(Tensor(random.wholeNumbers(shape.elementCount), shape: shape))
                pool.append(builder.input(index, TensorSpec(shape)))
            }
            for _ in 0..<random.next(below: 4) {
                let shape = random.pick(shapes)
                let id = try store.add(TensorSpec(shape))
                let value = Tensor(random.wholeNumbers(shape.elementCount), shape: shape)
                try store.write(value, to: id)
                variables[id] = value
                let symbol = builder.variable(id, TensorSpec(shape))
                symbols[id] = symbol
                pool.append(symbol)
            }
        }

        /// Outputs of some tensors, views and leaves among them, and new values for the variables, some of them the old
        /// values of others.
        mutating func addEdges() throws {
            for number in 0..<random.next(below: 4) + 1 { builder.addOutput("\(number)", random.pick(pool)) }
            builder.addOutput("last", pool[pool.count - 1])
            for (id, symbol) in symbols.sorted(by: { $0.key < $1.key }) {
                let fitting = pool.filter { $0.shape == symbol.shape }
                switch random.next(below: 4) {
                case 0: builder.addUpdate(id, random.pick(fitting))
                case 1: builder.addUpdate(id, try tamed(symbol + random.pick(fitting)))
                case 2: builder.addUpdate(id, fitting[fitting.count - 1])
                default: break
                }
            }
        }

        /// Small numbers again, so that products stay exact.
        private func tamed(_ x: SymbolicTensor) throws -> SymbolicTensor { try x.clipped(-6, 6) }

        private func matrix(_ x: SymbolicTensor) throws -> SymbolicTensor {
            try x.reshaped(to: [x.shape.dropFirst().elementCount, x.shape[0]])
        }

        mutating func addOperation() throws {
            let a = random.pick(pool)
            let axis = random.next(below: a.rank)
            let next: SymbolicTensor
            switch random.next(below: 22) {
            case 0: next = try a.relu()
            case 1: next = try a.absolute() - 2
            case 2: next = try -a
            case 3: next = try tamed(a * random.pick(broadcastable(with: a)))
            case 4: next = try tamed(a + random.pick(broadcastable(with: a)))
            case 5:
                let operation = random.pick([BinaryOperation.maximum, .minimum, .less, .equal])
                next = try a.combined(operation, random.pick(broadcastable(with: a)))
            case 6: next = try a.combined(.greater, 0).select(a, random.pick(broadcastable(with: a)))
            case 7: next = try tamed(a.sum([axis], keepingAxes: true))
            case 8: next = try a.reduced(random.pick([.maximum, .minimum]), [axis], keepingAxes: true)
            case 9: next = try tamed(a.sum(a.rank > 2 ? [0, a.rank - 1] : nil, keepingAxes: true))
            case 10:
                var order = Array(0..<a.rank)
                order.swapAt(axis, random.next(below: a.rank))
                next = try a.transposed(order)
            case 11:
                var (starts, extents) = ([Int](repeating: 0, count: a.rank), a.shape.dimensions)
                starts[axis] = random.next(below: extents[axis])
                extents[axis] -= starts[axis]
                next = try a.sliced(starts: starts, extents: extents)
            case 12:
                guard a.shape.elementCount < 2000 else { return }
                var before = [Int](repeating: 0, count: a.rank)
                before[axis] = random.next(below: 3)
                next = try a.padded(before: before, after: before.reversed())
            case 13:
                guard a.shape.elementCount < 2000 else { return }
                next = try SymbolicTensor.concatenated([a, random.pick([a, a.relu()]), a], axis: axis)
            case 14: next = try a.stoppingGradient().reshaped(to: a.shape.prepending(1).dropFirst())
            case 15: next = try tamed(matrix(a).matmul(matrix(a), transposeB: true))
            case 16:
                let bias = try a.sliced(
                    starts: [Int](repeating: 0, count: a.rank),
                    extents: [Int](repeating: 1, count: a.rank - 1) + [a.shape[-1]])
                let rows = try a.reshaped(to: [a.shape.elementCount / max(1, a.shape[-1]), a.shape[-1]])
                let square = try tamed(rows.matmul(rows, transposeA: true))
                next = try tamed(rows.matmul(square) + bias.reshaped(to: [1, a.shape[-1]])).relu()
            case 17:
                let numbers = try a.clipped(0, 5).sum(Array(1..<a.rank)).clipped(0, Float(a.shape[0] - 1))
                next = try a.gather(numbers.cast(to: .int32))
            case 18:
                guard a.shape[0] < 10 else { return }
                let indices = try a.reshaped(to: [a.shape.elementCount]).clipped(0, 3).cast(to: .int32)
                next = try tamed(indices.oneHot(depth: 4))
            case 19:
                guard a.rank == 4 else { return }
                let kind = random.pick([PoolingAttributes.Kind.maximum])
                let extents = [min(2, a.shape[1]), min(2, a.shape[2])]
                let stride = random.next(below: 2) + 1
                let y = try a.pooled(
                    PoolingAttributes(
                        kind, window: extents, strides: [stride, stride],
                        padding: [Padding(before: 0, after: 1), .none]))
                next = random.next(below: 2) == 0 ? y : try builder.gradients(of: y.sum(), withRespectTo: [a])[0]
            case 20:
                guard a.rank == 4, a.shape.elementCount < 1000 else { return }
                let channels = a.shape[-1]
                let kernel = Tensor(random.wholeNumbers(4 * channels * 3), shape: [2, 2, channels, 3])
                let attributes = ConvolutionAttributes(
                    strides: [1, 1], dilations: [1, 1],
                    padding: [Padding(before: 0, after: 1), Padding(before: 1, after: 0)])
                let y = try a.convolution(builder.literal(kernel), attributes)
                let bias = builder.literal(Tensor(random.wholeNumbers(3), shape: [3]))
                next = try tamed((y + bias).relu())
            default:
                next = try tamed(builder.gradients(of: tamed(a * a).sum(), withRespectTo: [a])[0])
            }
            guard next.rank >= 2, next.shape.elementCount > 0, next.shape.elementCount < 20_000 else { return }
            pool.append(next)
        }

        private func broadcastable(with x: SymbolicTensor) -> [SymbolicTensor] {
            pool.filter { x.shape.broadcast(with: $0.shape) == x.shape }
        }
    }
}
