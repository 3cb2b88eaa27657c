internal import PeriluneGraph

/// What the planner asks of a graph again and again: which nodes matter, who uses them, and what is only a view.
struct GraphAnalysis {
    let graph: Graph
    let live: [NodeID]
    /// For each node, the live nodes that use it, looking through views; a node that uses it twice is there twice.
    private(set) var users: [[NodeID]]
    /// For each node, how many outputs and updates take it, looking through views.
    private(set) var leavingCount: [Int]
    /// For each element-wise node and reduction, how a loop reads its operands.
    private var operandTable: [[Operand]]

    init(_ graph: Graph) {
        self.graph = graph
        live = graph.liveNodes
        users = Array(repeating: [], count: graph.nodes.count)
        leavingCount = Array(repeating: 0, count: graph.nodes.count)
        operandTable = Array(repeating: [], count: graph.nodes.count)
        for id in live where !graph[id].op.isView {
            for input in graph[id].inputs { users[root(input).node.index].append(id) }
        }
        for value in graph.outputs.map(\.value) + graph.updates.map(\.value) {
            leavingCount[root(value).node.index] += 1
        }
        for id in live where isElementwise(id) || reductionSide(id) != nil {
            operandTable[id.index] = consistentOperands(of: id)
        }
    }

    /// How a loop reads the operands of an element-wise node or reduction.
    func operands(of id: NodeID) -> [Operand] { operandTable[id.index] }

    /// The value whose memory `value` shares: itself, or what it is a view of.
    func root(_ value: Value) -> Value {
        var value = value
        while graph[value.node].op.isView { value = graph[value.node].inputs[0] }
        return value
    }

    func op(_ value: Value) -> Op { graph[value.node].op }

    func spec(_ value: Value) -> TensorSpec { graph.spec(of: value) }

    /// The one node that uses `id`, or nil where there are none, several, or it leaves the graph too.
    func onlyUser(of id: NodeID) -> NodeID? {
        users[id.index].count == 1 && leavingCount[id.index] == 0 ? users[id.index][0] : nil
    }

    /// Whether a node computes each element from the same elements of its operands, so that a loop may do it.
    func isElementwise(_ id: NodeID) -> Bool {
        switch graph[id].op.family {
        case .elementwise: true
        case .leaf, .view, .kernel, .primitive, .loop: false
        }
    }
}
