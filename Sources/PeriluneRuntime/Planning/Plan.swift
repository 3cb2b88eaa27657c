internal import PeriluneGraph

/// Work items in running order, with a place for every buffer.
struct Plan<Device: Backend> {
    struct Step {
        let kernel: Device.Kernel
        let reads: [BufferID]
        let writes: [BufferID]
        let threads: Int
        /// Where what it computes is from, for errors.
        let origin: String?
    }

    let steps: [Step]
    /// The most threads that a step uses.
    let threads: Int
    let buffers: [Buffer]
    /// Where each buffer of the arena begins.
    let offsets: [BufferID: Int]
    let arenaByteCount: Int
    /// Where scratch memory begins in the arena, for all steps alike.
    let scratchOffset: Int
    let outputs: [BufferID]
    let literals: [Tensor]

    /// - Throws: `RuntimeError` where the device has no kernel for an operation, or the buffers need more memory than
    ///   any machine has.
    init(_ graph: Graph, threads available: Int) throws(RuntimeError) {
        let analysis = GraphAnalysis(graph)
        let threads = Device.threads(for: analysis, available: available)
        try self.init(analysis, threads: threads, isLoopStep: false) { work in
            graph.outputs.map { work.output($0.value) }
        }
    }

    /// A plan for one step of a loop: its `results` appear where the loop says, and it runs on the threads of the
    /// whole.
    /// - Throws: as the other.
    init(step graph: Graph, results: [Value], threads: Int) throws(RuntimeError) {
        try self.init(GraphAnalysis(graph), threads: threads, isLoopStep: true) { work in
            results.enumerated().map { work.result($0.element, $0.offset) }
        }
    }

    private init(
        _ analysis: GraphAnalysis, threads: Int, isLoopStep: Bool,
        _ placeOutputs: (inout WorkList<Device>) -> [BufferID]
    ) throws(RuntimeError) {
        let graph = analysis.graph
        var work = try WorkList<Device>(analysis, threads: threads)
        self.threads = threads
        outputs = placeOutputs(&work)
        let order = work.placeUpdates(graph.updates)
        let items = work.items
        steps = order.map { index in
            let item = items[index]
            return Step(
                kernel: item.kernel, reads: item.reads, writes: item.writes,
                threads: item.kernel.threads(available: threads, isLoopStep: isLoopStep), origin: item.origin)
        }
        buffers = work.buffers
        literals = work.literals
        let lifetimes = Lifetimes(steps, buffers)
        let memory = try MemoryPlan(lifetimes.requests)
        offsets = lifetimes.offsets(memory.offsets)
        scratchOffset = MemoryPlan.aligned(memory.byteCount)
        let scratch = steps.map { $0.kernel.scratchByteCount(threads: $0.threads) }.max() ?? 0
        arenaByteCount = scratchOffset + scratch
    }
}
