import PeriluneGraph
import PeriluneRuntime
import Testing

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
