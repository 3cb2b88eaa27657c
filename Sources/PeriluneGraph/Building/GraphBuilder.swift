/// Builds one graph. Layers, losses and optimizers write their arithmetic against the symbolic tensors it hands out.
///
/// Equal nodes are shared and trivial ones simplified as they are added, so that what is written twice runs once. A
/// builder belongs to the task that made it.
public final class GraphBuilder {
    public private(set) var graph = Graph()
    private var known: [Computation: NodeID] = [:]
    private var nextStream: UInt32 = 0
    /// What new nodes come from: the path of a layer, say.
    public private(set) var origin: String?

    /// What makes two nodes the same; where they come from does not.
    private struct Computation: Hashable {
        let op: Op
        let inputs: [Value]
        let outputs: [TensorSpec]
    }

    public init() {}

    /// Runs `body`, whose new nodes come from `origin`.
    public func within<Result>(_ origin: String?, _ body: () throws -> Result) rethrows -> Result {
        let outer = self.origin
        self.origin = origin
        defer { self.origin = outer }
        return try body()
    }

    /// Adds `op`, or finds the node that does the same already.
    /// - Throws: `GraphError` where the operands do not fit, or the result has more elements than any memory could
    ///   hold.
    @discardableResult
    public func emit(_ op: Op, _ inputs: [SymbolicTensor], spec: TensorSpec? = nil) throws -> [SymbolicTensor] {
        let values = inputs.map(\.value)
        if let simpler = Simplification.replacement(for: op, values, in: graph) {
            return [SymbolicTensor(simpler, in: self)]
        }
        if let cheaper = try Simplification.cheaper(op, inputs) { return cheaper }
        let outputs = try ShapeRules.outputs(of: op, inputs.map(\.spec), leaf: spec)
        try ShapeRules.requirePossible(outputs, op)
        return add(Computation(op: op, inputs: values, outputs: outputs))
    }

    private func add(_ computation: Computation) -> [SymbolicTensor] {
        let id: NodeID
        if let same = known[computation] {
            id = same
        } else {
            id = NodeID(index: graph.nodes.count)
            graph.nodes.append(
                Node(op: computation.op, inputs: computation.inputs, outputs: computation.outputs, origin: origin))
            known[computation] = id
        }
        return computation.outputs.indices.map { SymbolicTensor(Value(id, output: $0), in: self) }
    }

    /// Gives a loop further outputs, after those that it has.
    func extend(_ id: NodeID, to scan: Scan) {
        let node = graph[id]
        graph.nodes[id.index] = Node(
            op: .scan(scan), inputs: node.inputs, outputs: scan.resultSpecs, origin: node.origin)
    }

    private func leaf(_ op: Op, _ spec: TensorSpec) -> SymbolicTensor {
        add(Computation(op: op, inputs: [], outputs: [spec]))[0]
    }
}

// Leaves.
extension GraphBuilder {
    /// The `index`-th tensor that the caller hands over for each run.
    public func input(_ index: Int, _ spec: TensorSpec) -> SymbolicTensor { leaf(.input(index), spec) }

    /// The current value of a variable.
    public func variable(_ id: VariableID, _ spec: TensorSpec) -> SymbolicTensor { leaf(.variable(id), spec) }

    /// A scalar that may change from run to run.
    public func hyperparameter(_ id: HyperparameterID) -> SymbolicTensor {
        leaf(.hyperparameter(id), TensorSpec(.scalar))
    }

    /// A tensor whose elements all are `value`.
    public func fill(_ value: Float, _ shape: Shape = .scalar) -> SymbolicTensor {
        leaf(.fill(value), TensorSpec(shape))
    }

    /// A tensor known now.
    public func literal(_ tensor: Tensor) -> SymbolicTensor { leaf(.literal(tensor), tensor.spec) }

    /// Fresh random numbers for each run. Each call in one graph draws from a stream of its own, numbered in the order
    /// of the calls, so that equal graphs draw equal numbers.
    public func random(_ distribution: RandomDistribution, _ shape: Shape) -> SymbolicTensor {
        defer { nextStream += 1 }
        return leaf(.random(distribution, stream: nextStream), TensorSpec(shape))
    }
}

// What leaves the graph.
extension GraphBuilder {
    /// Makes `tensor` readable after a run under `name`; names are unique within a graph, the last one wins.
    public func addOutput(_ name: String, _ tensor: SymbolicTensor) {
        graph.outputs.removeAll { $0.name == name }
        graph.outputs.append(Graph.Output(name: name, value: tensor.value))
    }

    /// Sets `variable` to `tensor` at the end of each run; the last update of a variable wins.
    public func addUpdate(_ variable: VariableID, _ tensor: SymbolicTensor) {
        graph.updates.removeAll { $0.variable == variable }
        graph.updates.append(Graph.Update(variable: variable, value: tensor.value))
    }
}
