internal import CKernels
internal import PeriluneGraph

/// Reads [outer, middle, inner] of one of the types; writes [outer, inner], the middle combined.
struct ReduceKernel: LoopKernel {
    let operation: ReduceOperation
    let dtype: DType
    let outer: Int
    let middle: Int
    let inner: Int

    var elementCount: Int { outer * middle * inner }

    @unsafe func run(_ memory: StepMemory) {
        let (outer, middle, inner) = (Int64(outer), Int64(middle), Int64(inner))
        switch dtype {
        case .float32:
            unsafe pk_reduce(
                operation.reduction, memory.floats(0), memory.floatTarget(), outer, middle, inner, memory.threads)
        case .int32:
            unsafe pk_reduce_int(
                operation.reduction, memory.integers(0), memory.integerTarget(), outer, middle, inner, memory.threads)
        }
    }
}

extension ReduceOperation {
    /// The kernels' name for it.
    var reduction: pk_reduction {
        switch self {
        case .sum: PK_SUM
        case .maximum: PK_MAX
        case .minimum: PK_MIN
        }
    }
}
