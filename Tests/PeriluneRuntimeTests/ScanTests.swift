import PeriluneGraph
import PeriluneRuntime
import PeriluneTestSupport
import Testing

/// Loops over time beyond their values and gradients, which `NumericGradientTests` checks.
@Suite struct ScanTests {
    /// A recurrent layer of `steps` steps with the gradients of its constants.
    private func layer(steps: Int, memory: Scan.Memory = .keep) throws -> (Graph, [Tensor]) {
        let inputs = [testTensor([steps, 2, 3]), testTensor([3, 5], seed: 2), testTensor([5, 5], seed: 3)]
        let graph = try buildGraph(inputs) { builder, x in
            let start = try builder.fill(0).broadcast(to: [2, 5])
            let all = try builder.scan(
                [start], over: [x[0]], constants: [x[1], x[2]], length: steps, memory: memory
            ) { _, carries, rows, constants in
                let next = try (rows[0].matmul(constants[0]) + carries[0].matmul(constants[1])).tanh()
                return ([next], [next])
            }
            let target = try all.outputs[0].squared().sum()
            return try [target] + builder.gradients(of: target, withRespectTo: [x[1], x[2]])
        }
        return (graph, inputs)
    }

    private func scans(_ graph: Graph) -> [Scan] {
        graph.liveNodes.compactMap { id in
            if case .scan(let scan) = graph[id].op { scan } else { nil }
        }
    }

    @Test(arguments: Scan.Memory.allCases) func theNumberOfNodesDoesNotDependOnTheLength(_ memory: Scan.Memory) throws {
        let short = try layer(steps: 2, memory: memory).0
        let long = try layer(steps: 1_000, memory: memory).0
        #expect(short.liveNodes.count == long.liveNodes.count)
        #expect(scans(short).map(\.body.liveNodes.count) == scans(long).map(\.body.liveNodes.count))
    }

    @Test func productsThatDoNotDependOnTheCarryAreOutsideOfTheLoop() throws {
        let graph = try layer(steps: 8).0
        func products(_ graph: Graph) -> Int {
            graph.liveNodes.count { id in
                if case .matmul = graph[id].op { true } else { false }
            }
        }
        // One product with the carry in the loop, one back; outside: the rows with their kernel, and the gradients of
        // both kernels.
        #expect(scans(graph).map { products($0.body) } == [1, 1])
        #expect(products(graph) == 3)
    }

    @Test func keepingTakesMemoryThatRecomputingDoesNot() throws {
        func kept(_ memory: Scan.Memory) throws -> Int { try scans(layer(steps: 8, memory: memory).0)[0].outputCount }
        // Both keep the carry before each step; the row after it is there anyway.
        #expect(try kept(.keep) == 2)
        #expect(try kept(.recompute) == 2)
        let gates = try GradientCases.loops.filter {
            $0.name == "scan keep, gates" || $0.name == "scan recompute, gates"
        }
        .map { function in
            try scans(
                buildGraph(function.inputs) { builder, x in
                    let target = try function.body(x).sum()
                    return try builder.gradients(of: target, withRespectTo: x)
                })[0].outputCount
        }
        #expect(gates[1] < gates[0])
    }

    @Test func noStepsGiveTheInitialCarries() throws {
        let start = testTensor([2, 3])
        let results = try evaluate([start]) { builder, x in
            let all = try builder.scan([x[0]], over: [], length: 0) { _, carries, _, _ in
                ([try carries[0] * 2], [carries[0]])
            }
            let target = try all.carries[0].sum() + all.outputs[0].sum()
            return try [all.carries[0], all.outputs[0]] + builder.gradients(of: target, withRespectTo: [x[0]])
        }
        #expect(results[0] == start)
        #expect(results[1].shape == [0, 2, 3])
        #expect(results[2].floats == [Float](repeating: 1, count: 6))
    }

    @Test func wholeNumbersAreCarriedExactly() throws {
        let results = try evaluate([Tensor([16_777_217 as Int32], shape: [])]) { builder, x in
            let one = builder.literal(Tensor([1 as Int32], shape: []))
            let all = try builder.scan([x[0]], over: [], constants: [one], length: 5) { _, carries, _, constants in
                ([try carries[0] + constants[0]], [carries[0]])
            }
            return [all.carries[0], all.outputs[0]]
        }
        #expect(results[0].integers == [16_777_222])
        #expect(results[1].integers == [16_777_217, 16_777_218, 16_777_219, 16_777_220, 16_777_221])
    }

    @Test func eachStepHasRandomNumbersOfItsOwn() throws {
        let numbers = try evaluate([]) { builder, _ in
            try builder.scan([], over: [], length: 3) { builder, _, _, _ in ([], [builder.random(.uniform, [4])]) }
                .outputs
        }
        #expect(Set(numbers[0].floats).count == 12)
    }

    @Test func aSecondDerivativeIsThatOfTheUnrolledLoop() throws {
        func results(_ body: (GraphBuilder, SymbolicTensor) throws -> SymbolicTensor) throws -> [Tensor] {
            try evaluate([testTensor([3], in: 0.5...1)]) { builder, x in
                let first = try builder.gradients(of: body(builder, x[0]).sum(), withRespectTo: [x[0]])[0]
                return try [first, builder.gradients(of: first.squared().sum(), withRespectTo: [x[0]])[0]]
            }
        }
        let unrolled = try results { _, x in
            var carry = x
            for _ in 0..<3 { carry = try (carry * x).sigmoid() }
            return carry
        }
        for memory in Scan.Memory.allCases {
            let looped = try results { builder, x in
                try builder.scan([x], over: [], constants: [x], length: 3, memory: memory) { _, carries, _, constants in
                    ([try (carries[0] * constants[0]).sigmoid()], [])
                }.carries[0]
            }
            expectClose(looped[0], unrolled[0])
            expectClose(looped[1], unrolled[1])
        }
    }

    @Test func theNumberOfThreadsOnATeamChangesNoBit() throws {
        let inputs = [testTensor([6, 64, 96]), testTensor([96, 96], seed: 2), testTensor([96, 96], seed: 3)]
        let graph = try buildGraph(inputs) { builder, x in
            let start = try builder.fill(0).broadcast(to: [64, 96])
            let all = try builder.scan([start], over: [x[0]], constants: [x[1], x[2]], length: 6) {
                _, carries, rows, constants in
                let next = try (rows[0].matmul(constants[0]) + carries[0].matmul(constants[1])).tanh()
                return ([next], [next])
            }
            let target = try all.outputs[0].squared().sum()
            return try [all.outputs[0]] + builder.gradients(of: target, withRespectTo: [x[1], x[2]])
        }
        let variables = VariableStore()
        let program = try Program(graph, variables: variables, threads: 4)
        #expect(program.statistics.threads == 4)
        func run(_ team: TeamChoice) throws -> [Tensor] {
            var context = try ExecutionContext(program, variables: variables)
            context.team = team
            try context.run(inputs: inputs)
            return graph.outputs.indices.map { context.tensor($0) }
        }
        #expect(try run(.full) == run(.small))
    }

    @Test func whatDoesNotFitIsSaid() throws {
        let builder = GraphBuilder()
        let x = builder.input(0, TensorSpec([3, 2]))
        func message(_ body: () throws -> Void) -> String {
            do {
                try body()
                return "nothing"
            } catch { return "\(error)" }
        }
        let short = message { _ = try builder.scan([], over: [x], length: 4) { _, _, rows, _ in ([], rows) } }
        #expect(short == "scan: sequence 1 has shape [3, 2], and there are 4 steps")
        let changed = message {
            _ = try builder.scan([x], over: [x], length: 3) { _, _, rows, _ in (rows, []) }
        }
        #expect(changed == "scan: carry 1 is float32[3, 2] before a step and float32[2] after it")
        let fewer = message { _ = try builder.scan([x], over: [x], length: 3) { _, _, _, _ in ([], []) } }
        #expect(fewer == "scan: takes 1 carries, and a step gives 0")
        let negative = message { _ = try builder.scan([x], over: [], length: -1) { _, carries, _, _ in (carries, []) } }
        #expect(negative == "scan: takes 0 steps or more, got -1")
    }
}
