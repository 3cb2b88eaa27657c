internal import CKernels
internal import COneDNN
internal import PeriluneGraph

/// Memory of the CPU to run one plan in.
@safe struct CPUExecution: ~Copyable {
    private let plan: Plan<CPU>
    private let arena: AlignedBuffer
    private let bindings: BindingMemory
    private let kernels: [BoundKernel]
    private let stream: dnnl_stream_t
    /// By buffer. Those of inputs and hyper-parameters change from run to run.
    private let addresses: UnsafeMutablePointer<UnsafeMutableRawPointer?>
    private let steps: UnsafeMutableBufferPointer<BoundStep>
    private let inputs: [InputBinding]
    let hyperparameters: [(buffer: Int, index: Int)]

    /// A buffer that the caller hands over, with the library's objects that must be told of it.
    @unsafe private struct InputBinding {
        let index: Int
        let buffer: Int
        var memories: [dnnl_memory_t]
    }

    /// - Throws: `RuntimeError` where there is not enough memory.
    init(_ plan: Plan<CPU>, variables: VariableStore) throws(RuntimeError) {
        let arena = try AlignedBuffer(byteCount: plan.arenaByteCount, budget: variables.budget)
        let bindings = BindingMemory()
        let engine = try unsafe OneDNN.engine.get()
        var stream: dnnl_stream_t?
        try unsafe OneDNN.check(dnnl_stream_create(&stream, engine, dnnl_stream_default_flags.rawValue), "a stream")
        guard let stream = unsafe stream else { throw RuntimeError(.kernelRefused, "oneDNN made no stream") }
        var binder = unsafe Binder(plan, variables, arena.base, bindings)
        var steps: [BoundStep] = unsafe []
        var kernels: [BoundKernel] = []
        do {
            for step in plan.steps {
                let bound = try unsafe binder.bind(step)
                unsafe steps.append(bound.step)
                unsafe kernels.append(bound.kernel)
            }
        } catch {
            unsafe dnnl_stream_destroy(stream)
            throw error
        }
        self.plan = plan
        self.bindings = bindings
        self.kernels = kernels
        unsafe self.stream = stream
        self.arena = arena
        unsafe addresses = .allocate(capacity: plan.buffers.count)
        unsafe addresses.initialize(from: binder.addresses, count: plan.buffers.count)
        unsafe self.steps = .allocate(capacity: steps.count)
        _ = unsafe self.steps.initialize(from: steps)
        var inputs: [InputBinding] = unsafe []
        var hyperparameters: [(buffer: Int, index: Int)] = []
        for (index, buffer) in plan.buffers.enumerated() {
            switch buffer.home {
            case .input(let position):
                unsafe inputs.append(
                    InputBinding(index: position, buffer: index, memories: binder.inputMemories[index] ?? []))
            case .hyperparameter(let position): hyperparameters.append((index, position))
            case .arena, .output, .variable, .literal: continue
            }
        }
        unsafe self.inputs = inputs
        self.hyperparameters = hyperparameters
    }

    deinit {
        unsafe addresses.deallocate()
        unsafe steps.deallocate()
        unsafe dnnl_stream_destroy(stream)
    }

    /// Runs the plan once. Allocates nothing.
    /// - Throws: `RuntimeError` where the kernel library finds no memory; it names where the operation is from.
    @unsafe mutating func run(
        inputs pointers: [UnsafeRawPointer], hyperparameters values: [Float], seed: UInt64, counter: UInt64
    ) throws(RuntimeError) {
        // By index: unoptimized iterators allocate.
        for index in 0..<(unsafe inputs.count) {
            let binding = unsafe inputs[index]
            let pointer = unsafe UnsafeMutableRawPointer(mutating: pointers[binding.index])
            if unsafe addresses[binding.buffer] == pointer { continue }
            unsafe addresses[binding.buffer] = pointer
            unsafe binding.memories.forEach { _ = unsafe dnnl_memory_set_data_handle($0, pointer) }
        }
        pk_set_threads(Int32(plan.threads))
        var state = unsafe RunState(
            scratch: arena.base + plan.scratchOffset, stream: stream, seed: seed, counter: counter)
        let failed = unsafe values.withUnsafeBufferPointer { scalars in
            for position in 0..<hyperparameters.count {
                let binding = hyperparameters[position]
                unsafe addresses[binding.buffer] = UnsafeMutableRawPointer(
                    mutating: UnsafeRawPointer(scalars.baseAddress.unsafelyUnwrapped + binding.index))
            }
            for index in 0..<(unsafe steps.count) {
                guard unsafe steps[index].run(addresses, &state) else { return index }
            }
            return -1
        }
        guard failed < 0 else {
            throw RuntimeError(.outOfMemory, "a kernel of oneDNN found no memory to run in")
                .located(at: plan.steps[failed].origin)
        }
    }

    func address(of buffer: BufferID) -> UnsafeRawPointer {
        unsafe UnsafeRawPointer(addresses[buffer.index].unsafelyUnwrapped)
    }
}
