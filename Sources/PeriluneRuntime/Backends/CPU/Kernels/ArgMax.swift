internal import CKernels
internal import PeriluneGraph

/// Reads scores [rows, columns] of one of the types; writes the index of the first largest of each row, int32.
struct ArgMaxKernel: LoopKernel {
    let dtype: DType
    let rows: Int
    let columns: Int

    var elementCount: Int { rows * columns }

    @unsafe func run(_ memory: StepMemory) {
        let target = unsafe memory.integerTarget()
        switch dtype {
        case .float32:
            unsafe pk_arg_max(memory.floats(0), target, Int64(rows), Int64(columns), memory.threads)
        case .int32:
            unsafe pk_arg_max_int(memory.integers(0), target, Int64(rows), Int64(columns), memory.threads)
        }
    }
}
