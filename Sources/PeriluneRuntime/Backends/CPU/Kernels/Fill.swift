internal import CKernels

/// Sets every element, given by its bits.
struct FillKernel: LoopKernel {
    let bits: UInt64
    let elementByteCount: Int
    let count: Int

    var elementCount: Int { count }

    @unsafe func run(_ memory: StepMemory) {
        unsafe pk_fill(memory.target(), bits, Int32(elementByteCount), Int64(count), memory.threads)
    }
}
