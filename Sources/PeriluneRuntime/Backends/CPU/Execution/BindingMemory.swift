internal import COneDNN
internal import PeriluneGraph

/// Owns the small tables that bound steps point to.
@safe final class BindingMemory {
    private var blocks: [UnsafeMutableRawPointer] = unsafe []
    private var memories: [dnnl_memory_t] = unsafe []
    private var streams: [dnnl_stream_t] = unsafe []

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

    /// What a primitive takes to run: its arguments, at `addresses`, and its scratch memory last.
    @unsafe func arguments(
        of primitive: OneDNNPrimitive, at addresses: [UnsafeMutableRawPointer?], scratch: UnsafeMutableRawPointer
    ) throws(RuntimeError) -> [dnnl_exec_arg_t] {
        var arguments: [dnnl_exec_arg_t] = unsafe []
        for (index, argument) in primitive.arguments.enumerated() {
            let object = try unsafe memory(argument.layout, at: addresses[index])
            unsafe arguments.append(dnnl_exec_arg_t(arg: argument.name, memory: object))
        }
        let object = try unsafe memory(primitive.scratchpad, at: scratch)
        unsafe arguments.append(dnnl_exec_arg_t(arg: DNNL_ARG_SCRATCHPAD, memory: object))
        return unsafe arguments
    }

    /// A queue of the library's for one thread at a time.
    @unsafe func stream() throws(RuntimeError) -> dnnl_stream_t {
        let engine = try unsafe OneDNN.engine.get()
        var stream: dnnl_stream_t?
        try unsafe OneDNN.check(dnnl_stream_create(&stream, engine, dnnl_stream_default_flags.rawValue), "a stream")
        guard let stream = unsafe stream else { throw RuntimeError(.kernelRefused, "oneDNN made no stream") }
        unsafe streams.append(stream)
        return unsafe stream
    }

    deinit {
        unsafe streams.forEach { unsafe dnnl_stream_destroy($0) }
        unsafe memories.forEach { unsafe dnnl_memory_destroy($0) }
        unsafe blocks.forEach { unsafe $0.deallocate() }
    }
}
