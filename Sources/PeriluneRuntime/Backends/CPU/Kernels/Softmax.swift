internal import CKernels
internal import PeriluneGraph

/// Reads rows; writes the softmax of each, or its logarithm.
struct SoftmaxKernel: LoopKernel {
    let rows: Int
    let columns: Int
    let logarithm: Bool

    init(_ shape: Shape, logarithm: Bool) {
        columns = shape[-1]
        rows = columns == 0 ? 0 : shape.elementCount / columns
        self.logarithm = logarithm
    }

    /// An element costs as much as eight that are only moved.
    var elementCount: Int { 8 * rows * columns }

    @unsafe func run(_ memory: StepMemory) {
        unsafe pk_softmax(
            memory.floats(0), memory.floatTarget(), Int64(rows), Int64(columns), logarithm, memory.threads)
    }
}
