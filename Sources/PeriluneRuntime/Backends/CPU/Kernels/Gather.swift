internal import CKernels

/// Reads a table and indices; writes the rows at the indices, of any element type.
struct GatherKernel: LoopKernel {
    let tableRows: Int
    let rowElements: Int
    let elementByteCount: Int
    let count: Int

    var elementCount: Int { rowElements * count }

    @unsafe func run(_ memory: StepMemory) {
        unsafe pk_gather(
            memory.source(0), Int64(tableRows), Int64(rowElements * elementByteCount), memory.integers(1),
            Int64(count), memory.target(), memory.threads)
    }
}
