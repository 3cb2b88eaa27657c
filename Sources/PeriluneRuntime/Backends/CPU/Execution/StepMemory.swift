internal import COneDNN

/// What is the same for all steps of one run.
@unsafe struct RunState {
    let scratch: UnsafeMutableRawPointer
    let stream: dnnl_stream_t
    /// What random numbers depend on.
    let seed: UInt64
    let counter: UInt64
    /// Whether fewer threads than all run: loops of steps within then do so too.
    var isOnSmallTeam: Bool
}

/// The memory that one step reads and writes: positions in the context's table of addresses.
@unsafe struct StepMemory {
    let addresses: UnsafeMutablePointer<UnsafeMutableRawPointer?>
    let reads: UnsafePointer<Int32>
    let readCount: Int
    let writes: UnsafePointer<Int32>
    let writeCount: Int
    let threads: Int32
    let state: UnsafePointer<RunState>

    func source(_ index: Int) -> UnsafeMutableRawPointer {
        unsafe addresses[Int(reads[index])].unsafelyUnwrapped
    }

    func floats(_ index: Int) -> UnsafePointer<Float> {
        unsafe UnsafePointer(source(index).assumingMemoryBound(to: Float.self))
    }

    func integers(_ index: Int) -> UnsafePointer<Int32> {
        unsafe UnsafePointer(source(index).assumingMemoryBound(to: Int32.self))
    }

    func target(_ index: Int = 0) -> UnsafeMutableRawPointer {
        unsafe addresses[Int(writes[index])].unsafelyUnwrapped
    }

    func floatTarget() -> UnsafeMutablePointer<Float> { unsafe target().assumingMemoryBound(to: Float.self) }

    func integerTarget() -> UnsafeMutablePointer<Int32> { unsafe target().assumingMemoryBound(to: Int32.self) }
}
