import PeriluneGraph
import PeriluneNN
import PeriluneRuntime
import PeriluneTestSupport

/// The outputs of `model` on `inputs`, then the new values of the states it updates. `value` chooses each weight.
func evaluateModel(
    _ model: Model, _ inputs: [Tensor], isTraining: Bool = false,
    weights value: (ModelVariable) throws -> Tensor = { try $0.initialValue(seed: 1) }
) throws -> (outputs: [Tensor], updates: [Tensor]) {
    let builder = GraphBuilder()
    let symbols = inputs.enumerated().map { builder.input($0.offset, $0.element.spec) }
    let emission = try model.emit(into: builder, symbols, isTraining: isTraining)
    for (index, output) in emission.outputs.enumerated() { builder.addOutput("y\(index)", output.tensor) }
    for (index, update) in emission.updates.enumerated() { builder.addOutput("u\(index)", update.value) }
    let store = VariableStore()
    for variable in model.variables.entries {
        _ = try store.add(variable.spec)
        try store.write(value(variable), to: variable.id)
    }
    let program = try Program(builder.graph, variables: store, threads: 1)
    var context = try ExecutionContext(program, variables: store)
    try context.run(inputs: inputs, seed: 1, counter: 0)
    let values = builder.graph.outputs.indices.map { context.tensor($0) }
    let outputs = emission.outputs.count
    return (Array(values[..<outputs]), Array(values[outputs...]))
}

/// The weights that the fixtures were made with: numbered test tensors, variances positive.
func fixtureWeight(_ variable: ModelVariable) -> Tensor {
    testTensor(
        variable.shape, seed: 100 + variable.id.index, in: variable.name.contains("variance") ? 0.5...1.5 : -1...1)
}
