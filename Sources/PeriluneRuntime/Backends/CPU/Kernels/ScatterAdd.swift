internal import CKernels

/// Reads indices and float32 updates; writes zeros to which each update is added at its index.
struct ScatterAddKernel: LoopKernel {
    let count: Int
    let rowElements: Int
    let rows: Int

    var elementCount: Int { rowElements * count }

    @unsafe func run(_ memory: StepMemory) {
        unsafe pk_scatter_add(
            memory.integers(0), memory.floats(1), Int64(count), Int64(rowElements), memory.floatTarget(), Int64(rows),
            memory.threads)
    }
}
