import CAllocationCounter
import PeriluneGraph
import PeriluneRuntime
import PeriluneTestSupport
import Testing

/// What a training step costs, in things that can be counted.
@Suite struct StepCountTests {
    /// Runs after the first, which sets up what is set up once.
    private func allocations(_ step: TrainingStep, threads: Int) throws -> (allocations: Int, losses: [Float]) {
        let program = try Program(step.graph, variables: step.variables, threads: threads)
        var context = try ExecutionContext(program, variables: step.variables)
        let x = step.inputs[0].floats
        let y = step.inputs[1].integers
        var losses: [Float] = []
        losses.reserveCapacity(64)
        let count = try x.withUnsafeBytes { x in
            try y.withUnsafeBytes { y in
                let pointers = [x.baseAddress!, y.baseAddress!]
                for run in 0..<3 {
                    try context.run(
                        inputs: pointers, hyperparameters: step.hyperparameters, seed: 1, counter: UInt64(run))
                    losses.append(context.scalar(0))
                }
                perilune_count_allocations()
                for run in 3..<40 {
                    try context.run(
                        inputs: pointers, hyperparameters: step.hyperparameters, seed: 1, counter: UInt64(run))
                    losses.append(context.scalar(0))
                }
                return perilune_counted_allocations()
            }
        }
        return (Int(count), losses)
    }

    @Test(arguments: [1, 2]) func aSteadyStepAllocatesNothing(threads: Int) throws {
        for step in try [TrainingStep.mlp(batch: 32, sizes: [64, 128, 64, 10]), .cnn(batch: 16)] {
            let (count, losses) = try allocations(step, threads: threads)
            #expect(count == 0)
            #expect(losses[39] < losses[0], "the step should learn: \(losses)")
        }
    }

    @Test func theCounterCounts() {
        perilune_count_allocations()
        let array = [Int](repeating: 1, count: 1000)
        #expect(perilune_counted_allocations() > 0)
        #expect(array.count == 1000)
    }

    @Test func aDenseStepNeedsNoReorder() throws {
        let step = try TrainingStep.mlp(batch: 32, sizes: [64, 128, 64, 10])
        let statistics = try Program(step.graph, variables: step.variables).statistics
        #expect(statistics.reorders == 0)
        #expect(statistics.primitives == 8, "three products forward, three for kernels, two for inputs")
    }

    @Test func activationsPassBetweenConvolutionsWithoutReorders() throws {
        let step = try TrainingStep.cnn(batch: 16)
        let statistics = try Program(step.graph, variables: step.variables).statistics
        #expect(statistics.reorders <= 5, "each kernel of a convolution has its weights in a layout of its own")
    }

    @Test func aSmallProgramRunsOnOneThread() throws {
        let small = try TrainingStep.mlp(batch: 32, sizes: [64, 128, 64, 10])
        #expect(try Program(small.graph, variables: small.variables, threads: 2).statistics.threads == 1)
        let large = try TrainingStep.mlp(batch: 128, sizes: [784, 512, 10])
        #expect(try Program(large.graph, variables: large.variables, threads: 2).statistics.threads == 2)
    }

    @Test func programsShareVariablesAndNotMemory() throws {
        let step = try TrainingStep.mlp(batch: 8, sizes: [6, 10])
        let program = try Program(step.graph, variables: step.variables)
        var first = try ExecutionContext(program, variables: step.variables)
        var second = try ExecutionContext(program, variables: step.variables)
        try first.run(inputs: step.inputs, hyperparameters: step.hyperparameters)
        let loss = first.scalar(0)
        try second.run(inputs: step.inputs, hyperparameters: step.hyperparameters)
        #expect(second.scalar(0) < loss)
        #expect(first.scalar(0) == loss)
    }

    @Test(arguments: [1, 2]) func sameSeedSameBits(threads: Int) throws {
        let (_, once) = try allocations(.cnn(batch: 16), threads: threads)
        let (_, again) = try allocations(.cnn(batch: 16), threads: threads)
        #expect(once == again)
    }
}
