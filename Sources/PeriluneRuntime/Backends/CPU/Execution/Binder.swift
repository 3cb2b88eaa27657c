internal import COneDNN
internal import PeriluneGraph

/// Resolves a plan's steps against memory.
@unsafe struct Binder {
    private let plan: Plan<CPU>
    private let bindings: BindingMemory
    private let scratch: UnsafeMutableRawPointer
    /// What memory of kernels' own is counted against.
    let budget: (any MemoryBudget)?
    /// By buffer; nil for what each run brings along.
    let addresses: [UnsafeMutableRawPointer?]
    /// By buffer of the caller's: the library's objects that point at it.
    private(set) var callerMemories: [Int: [dnnl_memory_t]] = unsafe [:]

    init(_ plan: Plan<CPU>, _ variables: VariableStore, _ arena: UnsafeMutableRawPointer, _ bindings: BindingMemory) {
        unsafe self.plan = plan
        unsafe self.bindings = bindings
        unsafe scratch = arena + plan.scratchOffset
        unsafe budget = variables.budget
        let literals = unsafe plan.literals.map { tensor in
            switch tensor.elements {
            case .float32(let values): unsafe UnsafeMutableRawPointer(mutating: bindings.keep(values))
            case .int32(let values): unsafe UnsafeMutableRawPointer(mutating: bindings.keep(values))
            }
        }
        unsafe addresses = plan.buffers.enumerated().map { index, buffer in
            switch buffer.home {
            case .arena, .output: unsafe plan.offsets[BufferID(index: index)].map { unsafe arena + $0 }
            case .variable(let id): unsafe variables.address(of: id)
            case .literal(let index): unsafe literals[index]
            case .input, .hyperparameter, .result: nil
            }
        }
    }

    /// The step, and its kernel, which has to be kept as long.
    mutating func bind(_ step: Plan<CPU>.Step) throws(RuntimeError) -> (step: BoundStep, kernel: BoundKernel) {
        let kernel = try unsafe step.kernel.kernel.bind(step, &self)
        let bound = unsafe BoundStep(
            kernel: Unmanaged.passUnretained(kernel), reads: keep(step.reads.map { Int32($0.index) }),
            readCount: step.reads.count, writes: keep(step.writes.map { Int32($0.index) }),
            writeCount: step.writes.count, threads: Int32(step.threads))
        return unsafe (bound, kernel)
    }

    /// A copy of `elements` that lives as long as the context.
    func keep<T: BitwiseCopyable>(_ elements: [T]) -> UnsafePointer<T> { unsafe bindings.keep(elements) }

    func keep(_ arguments: [dnnl_exec_arg_t]) -> UnsafePointer<dnnl_exec_arg_t> { unsafe bindings.keep(arguments) }

    /// The library's object for a buffer.
    mutating func memory(_ layout: MemoryLayout, of buffer: BufferID) throws(RuntimeError) -> dnnl_memory_t {
        let memory = try unsafe bindings.memory(layout, at: addresses[buffer.index])
        if unsafe plan.buffers[buffer.index].home.isCallers {
            unsafe callerMemories[buffer.index, default: []].append(memory)
        }
        return unsafe memory
    }

    /// The library's object for the scratch memory, which all steps share.
    func scratchMemory(_ layout: MemoryLayout) throws(RuntimeError) -> dnnl_memory_t {
        try unsafe bindings.memory(layout, at: scratch)
    }
}
