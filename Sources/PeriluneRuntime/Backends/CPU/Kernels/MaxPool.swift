internal import CKernels

/// Reads x; writes the largest element of each window and, where there is a second result, where it is.
struct MaxPoolKernel: LoopKernel {
    let windows: PoolingWindows
    /// Whether 0 takes the place of what is below.
    let rectifies: Bool
    private let descriptor: pk_windows

    init(_ windows: PoolingWindows, rectifies: Bool) {
        (self.windows, self.rectifies, descriptor) = (windows, rectifies, windows.descriptor)
    }

    var elementCount: Int { windows.elementCount }

    @unsafe func run(_ memory: StepMemory) {
        let places = unsafe memory.writeCount > 1 ? memory.target(1) : nil
        unsafe withUnsafePointer(to: descriptor) {
            unsafe pk_max_pool($0, memory.floats(0), memory.floatTarget(), places, rectifies, memory.threads)
        }
    }
}

/// Reads dy and where the largest elements are; writes dx.
struct MaxPoolGradientKernel: LoopKernel {
    let windows: PoolingWindows
    private let descriptor: pk_windows

    init(_ windows: PoolingWindows) { (self.windows, descriptor) = (windows, windows.descriptor) }

    var elementCount: Int { windows.elementCount }

    @unsafe func run(_ memory: StepMemory) {
        unsafe withUnsafePointer(to: descriptor) {
            unsafe pk_max_pool_gradient(
                $0, memory.floats(0), memory.source(1), memory.floatTarget(), memory.threads)
        }
    }
}
