internal import CKernels
internal import PeriluneGraph

/// Writes fresh random numbers: the same for the same seed, counter and stream.
struct RandomKernel: LoopKernel {
    let distribution: RandomDistribution
    let stream: UInt32
    let count: Int

    var elementCount: Int { count }

    @unsafe func run(_ memory: StepMemory) {
        let kind: pk_distribution
        var rate: Float = 0
        switch distribution {
        case .uniform: kind = PK_UNIFORM
        case .normal: kind = PK_NORMAL
        case .dropoutMask(let dropped): (kind, rate) = (PK_DROPOUT_MASK, dropped)
        }
        let state = unsafe memory.state.pointee
        unsafe pk_random(
            kind, state.seed, state.counter, stream, rate, memory.floatTarget(), Int64(count), memory.threads)
    }
}
