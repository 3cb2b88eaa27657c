internal import CKernels
internal import PeriluneGraph

/// Turns a graph into work items over buffers: loops for what is element-wise, kernels and library primitives for the
/// rest.
struct Lowering {
    let analysis: GraphAnalysis
    let postOps: PostOps
    let threads: Int
    private(set) var items: [WorkItem] = []
    private(set) var buffers: [Buffer] = []
    private(set) var literals: [Tensor] = []
    private var bufferOfValue: [Value: BufferID] = [:]

    /// - Parameter threads: how many there are to use; a small program takes one.
    /// - Throws: `RuntimeError` where the kernel library has no kernel for an operation.
    init(_ graph: Graph, threads: Int) throws(RuntimeError) {
        analysis = GraphAnalysis(graph)
        postOps = PostOps(analysis)
        self.threads = WorkEstimate.nanoseconds(analysis) < WorkEstimate.smallestTeamwork ? 1 : threads
        for group in Fusion.groups(analysis, postOps) { addLoop(group) }
        for id in analysis.live where postOps.writers[id] == nil { try lower(id) }
    }

    /// Adds an item that is not of the graph: a copy at the edges of the program.
    mutating func add(_ item: WorkItem) { items.append(item) }

    mutating func markUpdate(_ index: Int) { items[index].isUpdate = true }

    mutating func resize(_ buffer: BufferID, to byteCount: Int) {
        buffers[buffer.index] = Buffer(home: buffers[buffer.index].home, byteCount: byteCount)
    }

    mutating func setHome(_ home: Buffer.Home, of buffer: BufferID) { buffers[buffer.index].home = home }

    mutating func newBuffer(_ home: Buffer.Home = .arena, byteCount: Int) -> BufferID {
        buffers.append(Buffer(home: home, byteCount: byteCount))
        return BufferID(index: buffers.count - 1)
    }

    /// The memory of a value; where it is made of nothing (a broadcast, a fill), it is put into memory first.
    mutating func buffer(_ value: Value) -> BufferID {
        let base = analysis.root(value)
        if let known = bufferOfValue[base] { return known }
        let spec = analysis.spec(base)
        let home: Buffer.Home =
            switch analysis.op(base) {
            case .input(let index): .input(index)
            case .variable(let id): .variable(id)
            case .hyperparameter(let id): .hyperparameter(id.index)
            case .literal(let tensor): literal(tensor)
            default: .arena
            }
        let buffer = newBuffer(home, byteCount: spec.byteCount)
        bufferOfValue[base] = buffer
        switch analysis.op(base) {
        case .fill(let number):
            let call = KernelCall.fill(bits: number.bitPattern, count: spec.shape.elementCount)
            add(WorkItem(operation: .kernel(call), reads: [], writes: [buffer], rank: base.node.index))
        case .broadcast(let shape):
            addBroadcast(base, to: shape, buffer)
        default: break
        }
        return buffer
    }

    private mutating func literal(_ tensor: Tensor) -> Buffer.Home {
        literals.append(tensor)
        return .literal(literals.count - 1)
    }

    private mutating func addBroadcast(_ base: Value, to shape: Shape, _ target: BufferID) {
        let source = analysis.graph[base.node].inputs[0]
        let inner = analysis.spec(source).shape
        let added = shape.rank - inner.rank
        let strides = shape.dimensions.indices.map { axis in
            axis < added || inner[axis - added] == 1 ? 0 : inner.rowMajorStrides[axis - added]
        }
        let call = KernelCall.copy(
            extents: shape.dimensions, source: strides, target: shape.rowMajorStrides, sourceOffset: 0, targetOffset: 0,
            clearing: 0)
        let read = buffer(source)
        add(WorkItem(operation: .kernel(call), reads: [read], writes: [target], rank: base.node.index))
    }

    private mutating func addLoop(_ group: FusionGroup) {
        var builder = FusedLoopBuilder(group, analysis)
        let loop = builder.build()
        guard !loop.sinks.isEmpty else { return }
        let reads = builder.sources.map { buffer($0) }
        let writes = builder.targets.map { buffer($0) }
        add(WorkItem(operation: .fused(loop), reads: reads, writes: writes, rank: group.members[0].index))
    }

    /// Adds a kernel that reads the node's operands and writes its first output.
    mutating func addKernel(_ id: NodeID, _ call: KernelCall) {
        let reads = analysis.graph[id].inputs.map { buffer($0) }
        add(WorkItem(operation: .kernel(call), reads: reads, writes: [buffer(Value(id))], rank: id.index))
    }
}
