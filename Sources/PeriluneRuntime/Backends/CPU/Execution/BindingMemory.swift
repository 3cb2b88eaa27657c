internal import COneDNN
internal import PeriluneGraph

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

    /// A copy of C structs that hold handles.
    @unsafe func keep(_ arguments: [dnnl_exec_arg_t]) -> UnsafePointer<dnnl_exec_arg_t> {
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
