import CAllocationCounter
import PeriluneGraph
import PeriluneTestSupport
import Testing

@testable import PeriluneRuntime

/// Fewer threads than a program was compiled for give the same bits.
@Suite("The small team") struct SmallTeamTests {
    /// Every output and variable after some training steps on `team`.
    private func bits(
        _ make: () throws -> TrainingStep, threads: Int, _ team: TeamChoice
    ) throws -> (elements: [[UInt32]], allocations: Int) {
        let step = try make()
        let program = try Program(step.graph, variables: step.variables, threads: threads)
        #expect(program.statistics.threads == threads, "or there is nothing to test")
        var context = try ExecutionContext(program, variables: step.variables)
        context.team = team
        let (x, y) = (step.inputs[0].floats, step.inputs[1].integers)
        var allocations = 0
        try x.withUnsafeBytes { x in
            try y.withUnsafeBytes { y in
                let pointers = [x.baseAddress!, y.baseAddress!]
                for run in 0..<6 {
                    if run == 3 { perilune_count_allocations() }
                    try context.run(
                        inputs: pointers, hyperparameters: step.hyperparameters, seed: 1, counter: UInt64(run))
                }
                allocations = Int(perilune_counted_allocations())
            }
        }
        let outputs = step.graph.outputs.indices.map { context.tensor($0).floats.map(\.bitPattern) }
        let variables = (0..<step.variables.count).map { index in
            step.variables.read(VariableID(index: index)).floats.map(\.bitPattern)
        }
        return (outputs + variables, allocations)
    }

    @Test("gives the bits of the full one", arguments: [2, 3, 4, 5])
    func sameBits(threads: Int) throws {
        for make in Self.steps {
            let full = try bits(make, threads: threads, .full)
            let small = try bits(make, threads: threads, .small)
            #expect(full.elements == small.elements)
            #expect(small.allocations == 0, "a steady step")
        }
    }

    @Test("runs every primitive of a network without batch normalization on one thread of two")
    func nothingNeedsTheFullTeam() throws {
        for make in Self.steps {
            let step = try make()
            let program = try Program(step.graph, variables: step.variables, threads: 2)
            var context = try ExecutionContext(program, variables: step.variables)
            context.team = .small
            try context.run(inputs: step.inputs, hyperparameters: step.hyperparameters)
            #expect(context.primitivesOfTheFullTeam == 0)
        }
    }

    /// Caller's memory may move from run to run.
    @Test("reads inputs where they are") func movingInputs() throws {
        let step = try TrainingStep.cnn(batch: 256)
        let program = try Program(step.graph, variables: step.variables, threads: 2)
        var losses: [TeamChoice: [Float]] = [:]
        for team in [TeamChoice.full, .small] {
            let step = try TrainingStep.cnn(batch: 256)
            var context = try ExecutionContext(program, variables: step.variables)
            context.team = team
            for factor in [1, 0.5, 0.25] as [Float] {
                let x = step.inputs[0].floats.map { $0 * factor }
                let inputs = [Tensor(x, shape: step.inputs[0].spec.shape)] + step.inputs.dropFirst()
                try context.run(inputs: inputs, hyperparameters: step.hyperparameters)
                losses[team, default: []].append(context.scalar(0))
            }
        }
        #expect(losses[.full] == losses[.small])
        #expect(Set(losses[.full] ?? []).count == 3)
    }

    private static let steps: [@Sendable () throws -> TrainingStep] = [
        { try .mlp(batch: 128, sizes: [784, 512, 10]) }, { try .cnn(batch: 256) }, { try .cnn(batch: 133) },
    ]
}
