public import PeriluneGraph
import PeriluneRuntime

/// Builds, compiles and runs a graph on `inputs`; the results of `body` are its outputs.
public func evaluate(
    _ inputs: [Tensor], threads: Int? = nil, seed: UInt64 = 0, counter: UInt64 = 0,
    _ body: (GraphBuilder, [SymbolicTensor]) throws -> [SymbolicTensor]
) throws -> [Tensor] {
    let variables = VariableStore()
    let graph = try buildGraph(inputs, body)
    let program = try Program(graph, variables: variables, threads: threads)
    var context = try ExecutionContext(program, variables: variables)
    try context.run(inputs: inputs, seed: seed, counter: counter)
    return graph.outputs.indices.map { context.tensor($0) }
}

/// A graph whose inputs are like `inputs`, with outputs "0", "1", ….
public func buildGraph(
    _ inputs: [Tensor], _ body: (GraphBuilder, [SymbolicTensor]) throws -> [SymbolicTensor]
) throws -> Graph {
    let builder = GraphBuilder()
    let symbols = inputs.enumerated().map { builder.input($0.offset, $0.element.spec) }
    for (index, output) in try body(builder, symbols).enumerated() { builder.addOutput("\(index)", output) }
    return builder.graph
}

/// Numbers in -1...1 that look random and are the same each time.
public func testTensor(_ shape: Shape, seed: Int = 0, in range: ClosedRange<Float> = -1...1) -> Tensor {
    var state = UInt64(truncatingIfNeeded: seed &* 7919 &+ 12345)
    return Tensor(
        (0..<shape.elementCount).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let unit = Float(state >> 40) / Float(1 << 24)
            return range.lowerBound + (range.upperBound - range.lowerBound) * unit
        }, shape: shape)
}

/// Labels in 0..<classes.
public func testLabels(_ shape: Shape, classes: Int, seed: Int = 0) -> Tensor {
    let numbers = testTensor(shape, seed: seed, in: 0...1).floats
    return Tensor(numbers.map { Int32(min($0 * Float(classes), Float(classes - 1))) }, shape: shape)
}
