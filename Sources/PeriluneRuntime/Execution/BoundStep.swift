internal import CKernels
internal import COneDNN
internal import PeriluneGraph

/// A step with everything resolved that does not change from run to run, in plain memory, so that running it neither
/// counts references nor allocates. Buffers are positions in the context's table of addresses.
@unsafe struct BoundStep {
    @unsafe enum Action {
        case fused(UnsafePointer<pk_fused>)
        case primitive(dnnl_primitive_t, UnsafePointer<dnnl_exec_arg_t>, count: Int32)
        /// rank, then extents, strides of the source and strides of the target.
        case copy(UnsafePointer<Int64>, rank: Int32, sourceOffset: Int, targetOffset: Int, clearing: Int)
        case fill(bits: UInt32, count: Int)
        case gather(tableRows: Int, rowElements: Int, count: Int)
        case scatterAdd(count: Int, rowElements: Int, rows: Int)
        case softmax(rows: Int, columns: Int, logarithm: Bool)
        case argMax(rows: Int, columns: Int)
        case inTopK(rows: Int, columns: Int, k: Int)
        case oneHot(count: Int, depth: Int)
        case reduce(pk_reduction, outer: Int, middle: Int, inner: Int)
        case random(pk_distribution, stream: UInt32, rate: Float, count: Int)
        case maxPool(UnsafePointer<pk_windows>, rectifies: Bool)
        case maxPoolGradient(UnsafePointer<pk_windows>)
    }

    let action: Action
    let reads: UnsafePointer<Int32>
    let readCount: Int
    let writes: UnsafePointer<Int32>
    let writeCount: Int
    let threads: Int32
}

/// Owns the small tables that bound steps point to.
@safe final class BindingMemory {
    private var blocks: [UnsafeMutableRawPointer] = unsafe []
    private var memories: [dnnl_memory_t] = unsafe []

    /// A copy of `elements`, a trivial type, that lives as long as this object.
    @unsafe func keep<T: BitwiseCopyable>(_ elements: [T]) -> UnsafePointer<T> {
        let block = UnsafeMutablePointer<T>.allocate(capacity: max(1, elements.count))
        unsafe block.initialize(from: elements, count: elements.count)
        unsafe blocks.append(UnsafeMutableRawPointer(block))
        return unsafe UnsafePointer(block)
    }

    /// A copy of one C struct that points at kept tables.
    @unsafe func place<T>(_ element: T) -> UnsafeMutablePointer<T> {
        let block = UnsafeMutablePointer<T>.allocate(capacity: 1)
        unsafe block.initialize(to: element)
        unsafe blocks.append(UnsafeMutableRawPointer(block))
        return unsafe block
    }

    /// A copy of C structs that hold handles.
    @unsafe func place(_ arguments: [dnnl_exec_arg_t]) -> UnsafePointer<dnnl_exec_arg_t> {
        let block = unsafe UnsafeMutablePointer<dnnl_exec_arg_t>.allocate(capacity: arguments.count)
        unsafe block.initialize(from: arguments, count: arguments.count)
        unsafe blocks.append(UnsafeMutableRawPointer(block))
        return unsafe UnsafePointer(block)
    }

    /// The library's object for a tensor at `address`.
    @unsafe func memory(_ layout: MemoryLayout, at address: UnsafeMutableRawPointer?) throws(RuntimeError)
        -> dnnl_memory_t
    {
        let engine = try unsafe OneDNN.engine.get()
        var memory: dnnl_memory_t?
        let status = unsafe withUnsafePointer(to: layout.descriptor) { descriptor in
            unsafe dnnl_memory_create(&memory, descriptor, engine, address)
        }
        try OneDNN.check(status, "memory")
        guard let memory = unsafe memory else { throw RuntimeError(.kernelRefused, "oneDNN made no memory object") }
        unsafe memories.append(memory)
        return unsafe memory
    }

    deinit {
        unsafe memories.forEach { unsafe dnnl_memory_destroy($0) }
        unsafe blocks.forEach { unsafe $0.deallocate() }
    }
}
