internal import CKernels
internal import PeriluneGraph

/// The processor that the host runs on: fused loops and kernels of CKernels, and the primitives of oneDNN.
enum CPU: Backend {
    typealias Kernel = CPUStep

    static func threads(for analysis: GraphAnalysis, available: Int) -> Int {
        WorkEstimate.nanoseconds(analysis) < WorkEstimate.smallestTeamwork ? 1 : available
    }

    static func lower(_ analysis: GraphAnalysis, into list: inout WorkList<CPU>) throws(RuntimeError) {
        let postOps = PostOps(analysis)
        for group in Fusion.groups(analysis, FusedLoop.limits, writers: postOps.writers) { addLoop(group, &list) }
        for id in analysis.live where postOps.writers[id] == nil {
            do {
                try lower(id, postOps, &list)
            } catch {
                throw error.located(at: analysis.graph[id].origin)
            }
        }
    }

    static func fill(_ number: Float, count: Int) -> CPUStep {
        CPUStep(
            FillKernel(bits: UInt64(number.bitPattern), elementByteCount: DType.float32.byteCount, count: count))
    }

    static func move(_ box: ElementBox) -> CPUStep { CPUStep(CopyKernel(box)) }

    private static func addLoop(_ group: FusionGroup, _ list: inout WorkList<CPU>) {
        var builder = FusedLoopBuilder(group, list.analysis)
        let loop = builder.build()
        guard !loop.sinks.isEmpty else { return }
        let reads = builder.sources.map { list.buffer($0) }
        let writes = builder.targets.map { list.buffer($0) }
        list.add(CPUStep(loop), reads, writes, rank: group.members[0].index)
    }

    /// How many threads a run may use: those asked for, or the processors that this process may use.
    static func threads(_ wanted: Int?) -> Int {
        max(1, min(wanted ?? Int(pk_available_threads()), Int(PK_MAX_THREADS)))
    }
}
