/// Names a node within one graph. Inputs of a node always have smaller indices.
public struct NodeID: Hashable, Sendable, Comparable {
    public let index: Int

    public init(index: Int) { self.index = index }

    public static func < (a: NodeID, b: NodeID) -> Bool { a.index < b.index }
}

/// One output of a node.
public struct Value: Hashable, Sendable {
    public let node: NodeID
    public let output: Int

    public init(_ node: NodeID, output: Int = 0) {
        self.node = node
        self.output = output
    }
}

/// A primitive applied to values.
public struct Node: Hashable, Sendable {
    public let op: Op
    public let inputs: [Value]
    /// The specs of its outputs, one for most operations.
    public let outputs: [TensorSpec]
    /// What asked for it first: the path of a layer (`encoder/dense_1`), say, or nil. Errors and profiles name it.
    public let origin: String?
}

/// A computation: an append-only table of nodes in an order in which they can run, with what leaves the graph.
public struct Graph: Hashable, Sendable {
    /// A value that the caller reads after a run.
    public struct Output: Hashable, Sendable {
        public let name: String
        public let value: Value
    }

    /// A variable that takes a value at the end of a run. All updates see the variables as they were before the run.
    public struct Update: Hashable, Sendable {
        public let variable: VariableID
        public let value: Value
    }

    public internal(set) var nodes: [Node] = []
    public internal(set) var outputs: [Output] = []
    public internal(set) var updates: [Update] = []

    public subscript(id: NodeID) -> Node { nodes[id.index] }

    public func spec(of value: Value) -> TensorSpec { self[value.node].outputs[value.output] }

    /// The nodes that some output or update needs, in running order.
    public var liveNodes: [NodeID] {
        var isLive = [Bool](repeating: false, count: nodes.count)
        for value in outputs.map(\.value) + updates.map(\.value) { isLive[value.node.index] = true }
        for index in nodes.indices.reversed() where isLive[index] {
            for input in nodes[index].inputs { isLive[input.node.index] = true }
        }
        return nodes.indices.filter { isLive[$0] }.map(NodeID.init(index:))
    }
}
