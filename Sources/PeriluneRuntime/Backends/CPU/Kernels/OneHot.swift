internal import CKernels

/// Reads labels; writes a row of zeros with a single 1 for each.
struct OneHotKernel: LoopKernel {
    let count: Int
    let depth: Int

    var elementCount: Int { count * depth }

    @unsafe func run(_ memory: StepMemory) {
        unsafe pk_one_hot(memory.integers(0), memory.floatTarget(), Int64(count), Int64(depth), memory.threads)
    }
}
