/// A step with everything resolved that does not change from run to run, in plain memory, so that running it neither
/// counts references nor allocates.
@unsafe struct BoundStep {
    /// Kept by the context.
    let kernel: Unmanaged<BoundKernel>
    /// Positions in the context's table of addresses.
    let reads: UnsafePointer<Int32>
    let readCount: Int
    let writes: UnsafePointer<Int32>
    let writeCount: Int
    let threads: Int32

    /// The step with another kernel on the same memory, which has to be kept as long.
    func running(_ other: BoundKernel) -> BoundStep {
        unsafe BoundStep(
            kernel: Unmanaged.passUnretained(other), reads: reads, readCount: readCount, writes: writes,
            writeCount: writeCount, threads: threads)
    }

    /// Neither allocates nor counts references.
    /// - Returns: whether it worked; only a primitive of the kernel library can fail, where it finds no memory.
    @inline(__always)
    func run(
        _ addresses: UnsafeMutablePointer<UnsafeMutableRawPointer?>, _ state: UnsafePointer<RunState>
    ) -> Bool {
        let memory = unsafe StepMemory(
            addresses: addresses, reads: reads, readCount: readCount, writes: writes, writeCount: writeCount,
            threads: threads, state: state)
        return unsafe kernel._withUnsafeGuaranteedRef { unsafe $0.run(memory) }
    }
}
