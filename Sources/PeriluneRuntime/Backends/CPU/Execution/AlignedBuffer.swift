internal import Glibc

/// Owns a block of memory aligned to cache lines, zero-filled when it is made.
@safe struct AlignedBuffer: ~Copyable {
    let base: UnsafeMutableRawPointer
    let byteCount: Int
    private let budget: (any MemoryBudget)?

    /// - Throws: `RuntimeError` where the system has no more memory, or the budget.
    init(byteCount: Int, budget: (any MemoryBudget)?) throws(RuntimeError) {
        try HostMemory.require(byteCount)
        try budget?.take(byteCount)
        var memory: UnsafeMutableRawPointer?
        let size = max(64, (min(byteCount, .max - 63) + 63) / 64 * 64)
        guard unsafe posix_memalign(&memory, 64, size) == 0, let memory = unsafe memory else {
            budget?.giveBack(byteCount)
            throw RuntimeError(.outOfMemory, "out of memory: \(byteCount) bytes are needed in one piece")
        }
        unsafe memset(memory, 0, size)
        unsafe base = memory
        self.byteCount = byteCount
        self.budget = budget
    }

    deinit {
        unsafe free(base)
        budget?.giveBack(byteCount)
    }
}
