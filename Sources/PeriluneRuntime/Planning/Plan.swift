internal import CKernels
internal import PeriluneGraph

/// Work items in running order, with a place for every buffer.
struct Plan {
    struct Step {
        let operation: StepOperation
        let reads: [BufferID]
        let writes: [BufferID]
        let threads: Int
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

    /// - Throws: `RuntimeError` where the kernel library has no kernel for an operation.
    init(_ graph: Graph, threads available: Int) throws(RuntimeError) {
        var lowering = try Lowering(graph, threads: available)
        let threads = lowering.threads
        self.threads = threads
        outputs = graph.outputs.map { lowering.output($0.value) }
        let order = lowering.placeUpdates(graph.updates)
        let items = lowering.items
        steps = order.map { index in
            let item = items[index]
            return Step(
                operation: item.operation, reads: item.reads, writes: item.writes,
                threads: item.operation.threads(available: threads))
        }
        buffers = lowering.buffers
        literals = lowering.literals
        let memory = MemoryPlan(Self.requests(steps, buffers))
        offsets = memory.offsets
        scratchOffset = MemoryPlan.aligned(memory.byteCount)
        arenaByteCount = scratchOffset + (steps.map(\.scratchByteCount).max() ?? 0)
    }

    /// The buffers that need room in the arena, with the steps between which they live.
    private static func requests(_ steps: [Step], _ buffers: [Buffer]) -> [MemoryPlan.Request] {
        var lives = [ClosedRange<Int>?](repeating: nil, count: buffers.count)
        for (index, step) in steps.enumerated() {
            for buffer in step.reads + step.writes {
                let life = lives[buffer.index] ?? index...index
                lives[buffer.index] = life.lowerBound...index
            }
        }
        return buffers.indices.compactMap { index in
            guard let life = lives[index] else { return nil }
            let last: Int
            switch buffers[index].home {
            case .arena: last = life.upperBound
            case .output: last = steps.count
            case .variable, .input, .hyperparameter, .literal: return nil
            }
            return MemoryPlan.Request(
                buffer: BufferID(index: index), byteCount: buffers[index].byteCount, first: life.lowerBound, last: last)
        }
    }
}

extension Plan.Step {
    /// Scratch memory that the step needs while it runs.
    var scratchByteCount: Int {
        switch operation {
        case .fused(let loop): unsafe loop.withDescriptor { unsafe Int(pk_fused_scratch_bytes($0, Int32(threads))) }
        case .kernel: 0
        case .primitive(let primitive): primitive.scratchpad.byteCount
        }
    }
}

extension FusedLoop {
    /// Runs `body` on the loop as the kernel wants it.
    @unsafe func withDescriptor<R>(_ body: (UnsafePointer<pk_fused>) -> R) -> R {
        unsafe values.withUnsafeBufferPointer { values in
            unsafe instructions.withUnsafeBufferPointer { instructions in
                unsafe sinks.withUnsafeBufferPointer { sinks in
                    var descriptor = unsafe pk_fused(
                        rows: Int64(rows), columns: Int64(columns), value_count: Int32(values.count),
                        instruction_count: Int32(instructions.count), sink_count: Int32(sinks.count),
                        values: values.baseAddress, instructions: instructions.baseAddress, sinks: sinks.baseAddress)
                    return unsafe body(&descriptor)
                }
            }
        }
    }
}
