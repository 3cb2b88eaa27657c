internal import PeriluneGraph

/// What has to run for a graph, over buffers, as a back end adds it.
struct WorkList<Device: Backend> {
    typealias Item = WorkItem<Device.Kernel>

    let analysis: GraphAnalysis
    /// How many threads there are to use.
    let threads: Int
    private(set) var items: [Item] = []
    private(set) var buffers: [Buffer] = []
    private(set) var literals: [Tensor] = []
    private var bufferOfValue: [Value: BufferID] = [:]

    /// - Throws: `RuntimeError` where the back end has no kernel for an operation.
    init(_ analysis: GraphAnalysis, threads: Int) throws(RuntimeError) {
        self.analysis = analysis
        self.threads = threads
        try Device.lower(analysis, into: &self)
    }

    /// Adds an item that computes nodes from number `rank` on, or, where that is `Int.max`, belongs to the program's
    /// edges.
    mutating func add(_ kernel: Device.Kernel, _ reads: [BufferID], _ writes: [BufferID], rank: Int) {
        let origin = rank == .max ? nil : analysis.graph.nodes[rank].origin
        items.append(Item(kernel: kernel, reads: reads, writes: writes, rank: rank, origin: origin))
    }

    /// Adds a kernel that reads the node's operands and writes its first output.
    mutating func add(_ kernel: Device.Kernel, _ id: NodeID) {
        let reads = analysis.graph[id].inputs.map { buffer($0) }
        add(kernel, reads, [buffer(Value(id))], rank: id.index)
    }

    mutating func markUpdate(_ index: Int) { items[index].isUpdate = true }

    mutating func setHome(_ home: Buffer.Home, of buffer: BufferID) { buffers[buffer.index].home = home }

    mutating func newBuffer(_ home: Buffer.Home = .arena, _ contents: Buffer.Contents) -> BufferID {
        buffers.append(Buffer(home: home, contents: contents))
        return BufferID(index: buffers.count - 1)
    }

    /// The memory of an output of a node that holds something other than the tensor of the graph.
    mutating func workspace(_ value: Value, byteCount: Int) -> BufferID {
        let buffer = newBuffer(.arena, .bytes(byteCount))
        bufferOfValue[analysis.root(value)] = buffer
        return buffer
    }

    /// The memory of a value; where it is made of nothing (a broadcast, a fill), it is put into memory first.
    mutating func buffer(_ value: Value) -> BufferID {
        let base = analysis.root(value)
        if let known = bufferOfValue[base] { return known }
        let (op, spec) = (analysis.op(base), analysis.spec(base))
        let buffer = newBuffer(home(of: op), Buffer.Contents(spec))
        bufferOfValue[base] = buffer
        if case .fill(let number) = op {
            add(Device.fill(number, count: spec.shape.elementCount), [], [buffer], rank: base.node.index)
        }
        if case .broadcast = op {
            let source = analysis.graph[base.node].inputs[0]
            let box = ElementBox(broadcasting: analysis.spec(source).shape, to: spec)
            let read = self.buffer(source)
            add(Device.move(box), [read], [buffer], rank: base.node.index)
        }
        return buffer
    }

    private mutating func home(of op: Op) -> Buffer.Home {
        if case .input(let index) = op { return .input(index) }
        if case .variable(let id) = op { return .variable(id) }
        if case .hyperparameter(let id) = op { return .hyperparameter(id.index) }
        guard case .literal(let tensor) = op else { return .arena }
        literals.append(tensor)
        return .literal(literals.count - 1)
    }
}
