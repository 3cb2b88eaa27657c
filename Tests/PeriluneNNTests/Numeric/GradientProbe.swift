import PeriluneGraph
import PeriluneNN
import PeriluneRuntime
import PeriluneTestSupport
import Testing

/// A function of inputs and weights, whose gradients as the runtime computes them are held against central differences.
///
/// The tensors that `body` gives are each multiplied with numbers that look random and added up; a scalar is added as
/// it is. So every element of every result counts, and no two count the same.
struct GradientProbe {
    let name: String
    let inputs: [Tensor]
    var variables: [Tensor] = []
    let body: (GraphBuilder, [SymbolicTensor]) throws -> [SymbolicTensor]

    /// A model in training, with the weights of the fixtures.
    init(
        _ name: String, _ model: Model, _ inputs: [Tensor], isTraining: Bool = true,
        weight: (ModelVariable) throws -> Tensor = fixtureWeight
    ) throws {
        if !model.isBuilt {
            try model.build(inputs: inputs.map { TensorSpec(Shape(Array($0.shape.dimensions.dropFirst())), $0.dtype) })
        }
        self.name = name
        self.inputs = inputs
        variables = try model.variables.entries.map(weight)
        body = { builder, x in
            let emission = try model.emit(into: builder, x, isTraining: isTraining)
            return try emission.outputs.map(\.tensor) + (emission.penalty.map { [$0] } ?? [])
        }
    }

    init(
        _ name: String, _ inputs: [Tensor],
        _ body: @escaping (GraphBuilder, [SymbolicTensor]) throws -> [SymbolicTensor]
    ) {
        (self.name, self.inputs, self.body) = (name, inputs, body)
    }

    /// Emits the sum whose gradients are meant, as an output.
    private func emit(_ builder: GraphBuilder) throws -> (target: SymbolicTensor, sources: [SymbolicTensor]) {
        let symbols = inputs.enumerated().map { builder.input($0.offset, $0.element.spec) }
        let results = try body(builder, symbols)
        var target = builder.fill(0)
        for (index, result) in results.enumerated() {
            target = try target + (result * builder.literal(testTensor(result.shape, seed: 99 + index))).sum()
        }
        builder.addOutput("target", target)
        let weights = variables.enumerated().map { builder.variable(VariableID(index: $0.offset), $0.element.spec) }
        return (target, symbols.filter { $0.dtype == .float32 } + weights)
    }

    /// The target and its gradients, with respect to the float inputs and then the weights.
    func gradients(counter: UInt64 = 0, inputs shifted: [Tensor]? = nil) throws -> [Tensor] {
        let builder = GraphBuilder()
        let (target, sources) = try emit(builder)
        for (index, gradient) in try builder.gradients(of: target, withRespectTo: sources).enumerated() {
            builder.addOutput("d\(index)", gradient)
        }
        let store = VariableStore()
        for variable in variables { try store.write(variable, to: store.add(variable.spec)) }
        let program = try Program(builder.graph, variables: store, threads: 1)
        var context = try ExecutionContext(program, variables: store)
        try context.run(inputs: shifted ?? inputs, seed: 1, counter: counter)
        return builder.graph.outputs.indices.map { context.tensor($0) }
    }

    /// The same by central differences of the naive evaluator.
    func differences(step: Double = 1e-5) throws -> (target: Double, gradients: [ReferenceEvaluator.Array]) {
        let builder = GraphBuilder()
        _ = try emit(builder)
        let graph = builder.graph
        func value(_ inputs: [ReferenceEvaluator.Array], _ variables: [ReferenceEvaluator.Array]) -> Double {
            let pairs = variables.enumerated().map { (VariableID(index: $0.offset), $0.element) }
            let evaluator = ReferenceEvaluator(
                graph, inputs: inputs, variables: Dictionary(uniqueKeysWithValues: pairs))
            return evaluator.output("target").elements[0]
        }
        let all = (inputs + variables).map(ReferenceEvaluator.Array.init)
        func shifted(_ index: Int, _ element: Int, _ shift: Double) -> Double {
            var operands = all
            operands[index].elements[element] += shift
            return value(Array(operands[..<inputs.count]), Array(operands[inputs.count...]))
        }
        let gradients = all.indices.compactMap { index -> ReferenceEvaluator.Array? in
            guard index >= inputs.count || inputs[index].dtype == .float32 else { return nil }
            let elements = all[index].elements.indices.map { element in
                (shifted(index, element, step) - shifted(index, element, -step)) / (2 * step)
            }
            return ReferenceEvaluator.Array(all[index].shape, elements)
        }
        return (value(Array(all[..<inputs.count]), Array(all[inputs.count...])), gradients)
    }

    /// Expects value and gradients to agree.
    func check() throws {
        let actual = try gradients()
        let expected = try differences()
        expectClose(actual[0], .init(.scalar, [expected.target]), relative: 1e-4, absolute: 1e-4, "value of \(name):")
        for (index, (gradient, difference)) in zip(actual.dropFirst(), expected.gradients).enumerated() {
            expectClose(
                gradient, difference, relative: 1e-3, absolute: 1e-4, "gradient \(index) of \(name):")
        }
    }
}
