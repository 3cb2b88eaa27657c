import PeriluneGraph
import PeriluneRuntime
import PeriluneTestSupport
import Testing

/// A function of tensors whose gradient is checked.
struct GradientCase: CustomTestStringConvertible, Sendable {
    let name: String
    let inputs: [Tensor]
    let body: @Sendable ([SymbolicTensor]) throws -> SymbolicTensor

    init(_ name: String, _ inputs: [Tensor], _ body: @escaping @Sendable ([SymbolicTensor]) throws -> SymbolicTensor) {
        (self.name, self.inputs, self.body) = (name, inputs, body)
    }

    var testDescription: String { name }
}

/// Every operation's gradient, as the runtime computes it, against central differences of the naive evaluator in
/// Double.
@Suite struct NumericGradientTests {
    @Test(arguments: GradientCases.all) func gradient(_ function: GradientCase) throws {
        let weights = try testTensor(shapeOfResult(function), seed: 99)
        let graph = try buildGraph(function.inputs) { builder, x in
            let y = try function.body(x)
            let target = try (y * builder.literal(weights)).sum()
            return try [y, target] + builder.gradients(of: target, withRespectTo: x.filter { $0.dtype == .float32 })
        }
        let variables = VariableStore()
        var context = try ExecutionContext(Program(graph, variables: variables), variables: variables)
        try context.run(inputs: function.inputs)
        if !function.name.hasPrefix("batchNormalization") {
            expectClose(
                context.tensor(0), ReferenceEvaluator(try forward(function), inputs: function.inputs).output("0"),
                relative: 1e-4, absolute: 1e-5, "value of \(function.name):")
        }
        var output = 2
        for (index, input) in function.inputs.enumerated() where input.dtype == .float32 {
            let expected = try numericGradient(function, of: index, weights)
            expectClose(
                context.tensor(output), expected, relative: 2e-3, absolute: 2e-4,
                "gradient \(index) of \(function.name):")
            output += 1
        }
    }

    private func forward(_ function: GradientCase) throws -> Graph {
        try buildGraph(function.inputs) { _, x in [try function.body(x)] }
    }

    private func shapeOfResult(_ function: GradientCase) throws -> Shape {
        let graph = try forward(function)
        return graph.spec(of: graph.outputs[0].value).shape
    }

    private func numericGradient(
        _ function: GradientCase, of index: Int, _ weights: Tensor
    ) throws -> ReferenceEvaluator.Array {
        let graph = try forward(function)
        let step = 1e-5
        let inputs = function.inputs.map(ReferenceEvaluator.Array.init)
        func value(_ element: Int, _ shift: Double) -> Double {
            var shifted = inputs
            shifted[index].elements[element] += shift
            let y = ReferenceEvaluator(graph, inputs: shifted).output("0")
            return zip(y.elements, weights.floats).reduce(0) { $0 + $1.0 * Double($1.1) }
        }
        let shape = function.inputs[index].shape
        return ReferenceEvaluator.Array(
            shape,
            (0..<shape.elementCount).map { (value($0, step) - value($0, -step)) / (2 * step) })
    }
}
