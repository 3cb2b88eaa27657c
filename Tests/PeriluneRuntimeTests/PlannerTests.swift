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

    @Test func aMeanAndItsUseAreThreeLoops() throws {
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

/// Updates see the variables as they were before the run.
@Suite struct UpdateTests {
    @Test func twoVariablesTradePlaces() throws {
        let variables = VariableStore()
        let spec = TensorSpec([4])
        let (a, b) = try (variables.add(spec), variables.add(spec))
        try variables.write(Tensor([1, 2, 3, 4] as [Float], shape: [4]), to: a)
        try variables.write(Tensor([5, 6, 7, 8] as [Float], shape: [4]), to: b)
        let builder = GraphBuilder()
        builder.addUpdate(a, builder.variable(b, spec))
        builder.addUpdate(b, builder.variable(a, spec))
        builder.addOutput("a", builder.variable(a, spec))
        var context = try ExecutionContext(Program(builder.graph, variables: variables), variables: variables)
        try context.run(inputs: [] as [Tensor])
        #expect(variables.read(a).floats == [5, 6, 7, 8])
        #expect(variables.read(b).floats == [1, 2, 3, 4])
        #expect(context.tensor(0).floats == [1, 2, 3, 4], "an output is the value before the run")
    }

    @Test func readersOfTheOldValueRunFirst() throws {
        let variables = VariableStore()
        let spec = TensorSpec([3])
        let (a, b) = try (variables.add(spec), variables.add(spec))
        variables.fill(a, 1)
        variables.fill(b, 10)
        let builder = GraphBuilder()
        let (x, y) = (builder.variable(a, spec), builder.variable(b, spec))
        // Each new value needs the other's old one, so not both can be written in place as they are computed.
        builder.addUpdate(a, try x + y.sum())
        builder.addUpdate(b, try y * x.sum())
        var context = try ExecutionContext(Program(builder.graph, variables: variables), variables: variables)
        try context.run(inputs: [] as [Tensor])
        #expect(variables.read(a).floats == [31, 31, 31])
        #expect(variables.read(b).floats == [30, 30, 30])
    }

    @Test func anOldValueUsedAfterTheNewOne() throws {
        let variables = VariableStore()
        let spec = TensorSpec([600])
        let a = try variables.add(spec)
        variables.fill(a, 2)
        let builder = GraphBuilder()
        let x = builder.variable(a, spec)
        let new = try x * 3
        builder.addUpdate(a, new)
        builder.addOutput("difference", try new - x)
        var context = try ExecutionContext(Program(builder.graph, variables: variables), variables: variables)
        try context.run(inputs: [] as [Tensor])
        #expect(context.tensor(0).floats.allSatisfy { $0 == 4 })
        #expect(variables.read(a).floats.allSatisfy { $0 == 6 })
    }
}
