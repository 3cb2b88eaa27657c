public import PeriluneGraph

/// A compiled graph: what to run, in which order, and where everything lies. Immutable, and shared freely.
public struct Program: Sendable {
    let plan: Plan<CPU>
    /// The names of the graph's outputs, in their order.
    public let outputNames: [String]
    let outputSpecs: [TensorSpec]
    /// The specs of the inputs that the graph uses, by position.
    let inputSpecs: [Int: TensorSpec]
    public let statistics: ProgramStatistics

    /// Compiles `graph`.
    ///
    /// - Parameters:
    ///   - variables: the store that the graph's variables are in.
    ///   - threads: how many threads a step may use, 1 or more; nil for all processors. Small steps use one anyway.
    /// - Throws: `RuntimeError` where the kernel library has no kernel for an operation, or a variable is not in the
    ///   store with the spec that the graph expects.
    public init(_ graph: Graph, variables: VariableStore, threads: Int? = nil) throws(RuntimeError) {
        for node in graph.nodes {
            guard case .variable(let id) = node.op else { continue }
            guard id.index < variables.count, variables.spec(of: id) == node.outputs[0] else {
                throw RuntimeError(.specMismatch, "variable \(id.index) is not in the store as \(node.outputs[0])")
            }
        }
        for update in graph.updates {
            let (id, spec) = (update.variable, graph.spec(of: update.value))
            guard id.index < variables.count, variables.spec(of: id) == spec else {
                throw RuntimeError(.specMismatch, "variable \(id.index) is not in the store as \(spec)")
            }
        }
        plan = try Plan(graph, threads: CPU.threads(threads))
        outputNames = graph.outputs.map(\.name)
        outputSpecs = graph.outputs.map { graph.spec(of: $0.value) }
        var inputs: [Int: TensorSpec] = [:]
        for id in graph.liveNodes {
            if case .input(let index) = graph[id].op { inputs[index] = graph[id].outputs[0] }
        }
        inputSpecs = inputs
        statistics = ProgramStatistics(plan)
    }
}
