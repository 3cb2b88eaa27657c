internal import Glibc

/// Owns a block of memory aligned to cache lines, zero-filled when it is made.
@safe struct AlignedBuffer: ~Copyable {
    let base: UnsafeMutableRawPointer
    let byteCount: Int

    /// - Throws: `RuntimeError` where the system has no more memory.
    init(byteCount: Int) throws(RuntimeError) {
        var memory: UnsafeMutableRawPointer?
        let size = max(64, (byteCount + 63) / 64 * 64)
        guard unsafe posix_memalign(&memory, 64, size) == 0, let memory = unsafe memory else {
            throw RuntimeError(.outOfMemory, "out of memory: \(byteCount) bytes are needed in one piece")
        }
        unsafe memset(memory, 0, size)
        unsafe base = memory
        self.byteCount = byteCount
    }

    deinit {
        unsafe free(base)
    }
}
