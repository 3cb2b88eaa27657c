import PeriluneGraph
import PeriluneRuntime
import PeriluneTestSupport
import Testing

/// Programs against the naive evaluator, on graphs that are hard for the planner.
@Suite struct PlannerTests {
    /// A graph of random element-wise operations, reductions and broadcasts over few tensors.
    private func randomGraph(seed: Int, _ inputs: [Tensor]) throws -> Graph {
        var state = UInt64(seed) &* 2_862_933_555_777_941_757 &+ 3_037_000_493
        func pick(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % count
        }
        return try buildGraph(inputs) { builder, symbols in
            var pool = symbols
            for _ in 0..<24 {
                let a = pool[pick(pool.count)]
                let b = pool[pick(pool.count)]
                let next: SymbolicTensor =
                    switch pick(8) {
                    case 0: try a.tanh()
                    case 1: try a.sigmoid() - 0.5
                    case 2: try a.sum([pick(a.rank)], keepingAxes: true) * 0.25
                    case 3: try a.transposed([1, 0, 2]).transposed([1, 0, 2]) + 0.5
                    case 4: try a.combined(.greater, 0.1).select(a, a * 0.3)
                    case 5: try a * b
                    case 6: try a - b
                    default: try a + b
                    }
                pool.append(next)
            }
            return Array(pool.suffix(6))
        }
    }

    @Test(arguments: 0..<60) func randomGraphs(seed: Int) throws {
        let inputs = [
            testTensor([3, 4, 5], seed: seed), testTensor([1, 4, 1], seed: seed + 1),
            testTensor([1, 1, 5], seed: seed + 2), testTensor([3, 1, 1], seed: seed + 3),
        ]
        let graph = try randomGraph(seed: seed, inputs)
        let variables = VariableStore()
        let program = try Program(graph, variables: variables)
        var context = try ExecutionContext(program, variables: variables)
        try context.run(inputs: inputs)
        let reference = ReferenceEvaluator(graph, inputs: inputs)
        for (index, output) in graph.outputs.enumerated() {
            expectClose(
                context.tensor(index), reference[output.value], relative: 1e-4, absolute: 1e-4, "seed \(seed):")
        }
    }

    @Test func anElementwiseChainIsOneLoop() throws {
        let graph = try buildGraph([testTensor([64, 32])]) { _, x in [try (x[0].exp() + 1).log().squared().tanh()] }
        let statistics = try Program(graph, variables: VariableStore()).statistics
        #expect(statistics.fusedLoops == 1)
        #expect(statistics.steps == 1)
    }

    @Test func aMeanIsALoopBetweenTwo() throws {
        // The exponential and its sum are one loop, the few means another, and what uses both is a third.
        let graph = try buildGraph([testTensor([8, 16])]) { _, x in
            [try (x[0].exp() - x[0].exp().mean([1], keepingAxes: true)).squared()]
        }
        #expect(try Program(graph, variables: VariableStore()).statistics.fusedLoops == 3)
    }

    @Test func memoryIsUsedAgain() throws {
        let x = testTensor([256, 256])
        let graph = try buildGraph([x, x]) { _, x in
            [try (0..<10).reduce(x[0]) { y, _ in try y.matmul(x[1]) * 0.01 }]
        }
        let statistics = try Program(graph, variables: VariableStore()).statistics
        #expect(statistics.arenaByteCount <= 4 * x.spec.byteCount)
    }
}
