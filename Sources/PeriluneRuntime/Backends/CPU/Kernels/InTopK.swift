internal import CKernels

/// Reads scores [rows, columns] and labels [rows]; writes 1 where fewer than k classes score above the label's, else 0.
struct InTopKKernel: LoopKernel {
    let rows: Int
    let columns: Int
    let k: Int

    var elementCount: Int { rows * columns }

    @unsafe func run(_ memory: StepMemory) {
        unsafe pk_in_top_k(
            memory.floats(0), memory.integers(1), memory.floatTarget(), Int64(rows), Int64(columns), Int64(k),
            memory.threads)
    }
}
