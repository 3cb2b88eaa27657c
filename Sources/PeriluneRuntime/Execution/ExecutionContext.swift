internal import CKernels
internal import COneDNN
public import PeriluneGraph

/// Memory to run one program in.
///
/// A context belongs to the thread that runs it. The variables are the store's: what one program writes, the next reads.
@safe public struct ExecutionContext: ~Copyable {
    private let program: Program
    private let variables: VariableStore
    private let arena: AlignedBuffer
    private let bindings: BindingMemory
    private let stream: dnnl_stream_t
    /// By buffer. Those of inputs and hyper-parameters change from run to run.
    private let addresses: UnsafeMutablePointer<UnsafeMutableRawPointer?>
    private let steps: UnsafeMutableBufferPointer<BoundStep>
    private let inputs: [InputBinding]
    private let hyperparameters: [(buffer: Int, index: Int)]
    private let scratch: UnsafeMutableRawPointer

    /// A buffer that the caller hands over, with the library's objects that must be told of it.
    @unsafe private struct InputBinding {
        let index: Int
        let buffer: Int
        var memories: [dnnl_memory_t]
    }

    /// Sets up memory for `program`.
    /// - Throws: `RuntimeError` where there is not enough memory.
    public init(_ program: Program, variables: VariableStore) throws(RuntimeError) {
        let plan = program.plan
        let arena = try AlignedBuffer(byteCount: plan.arenaByteCount, budget: variables.budget)
        let bindings = BindingMemory()
        let engine = try unsafe OneDNN.engine.get()
        var stream: dnnl_stream_t?
        try unsafe OneDNN.check(dnnl_stream_create(&stream, engine, dnnl_stream_default_flags.rawValue), "a stream")
        guard let stream = unsafe stream else { throw RuntimeError(.kernelRefused, "oneDNN made no stream") }
        var binder = unsafe Binder(plan, variables, arena.base, bindings)
        let steps: [BoundStep]
        do {
            unsafe steps = try unsafe plan.steps.map { step throws(RuntimeError) in try unsafe binder.bind(step) }
        } catch {
            unsafe dnnl_stream_destroy(stream)
            throw error
        }
        self.program = program
        self.variables = variables
        self.bindings = bindings
        unsafe self.stream = stream
        unsafe scratch = arena.base + plan.scratchOffset
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

    /// Runs the program once. Allocates nothing.
    ///
    /// - Parameters:
    ///   - inputs: for each input of the graph, where its row-major elements are; there until the call returns.
    ///   - hyperparameters: the run-time scalars, by their number.
    ///   - seed: what random numbers depend on, with `counter`, usually the number of the training step.
    /// - Throws: `RuntimeError` where the kernel library finds no memory; variables may be half updated then.
    @unsafe public mutating func run(
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
        pk_set_threads(Int32(program.statistics.threads))
        let hasRun = unsafe values.withUnsafeBytes { scalars in
            for position in 0..<hyperparameters.count {
                let binding = hyperparameters[position]
                unsafe addresses[binding.buffer] = UnsafeMutableRawPointer(
                    mutating: scalars.baseAddress.unsafelyUnwrapped + 4 * binding.index)
            }
            for index in 0..<(unsafe steps.count) {
                let works = unsafe Interpreter.run(
                    steps[index], addresses, scratch: scratch, stream: stream, seed: seed, counter: counter)
                guard works else { return false }
            }
            return true
        }
        guard hasRun else { throw RuntimeError(.outOfMemory, "a kernel of oneDNN found no memory to run in") }
    }
}

// Convenience, and reading what came out.
extension ExecutionContext {
    /// Runs the program on tensors, checking each: for tests and calls that are not in a hurry.
    /// - Throws: `RuntimeError` where an input is missing or has another spec than the graph says.
    public mutating func run(
        inputs tensors: [Tensor], hyperparameters: [Float] = [], seed: UInt64 = 0, counter: UInt64 = 0
    ) throws(RuntimeError) {
        for (index, spec) in program.inputSpecs where !tensors.indices.contains(index) || tensors[index].spec != spec {
            let found = tensors.indices.contains(index) ? tensors[index].spec.description : "nothing"
            throw RuntimeError(.specMismatch, "input \(index) takes \(spec), got \(found)")
        }
        for binding in self.hyperparameters where !hyperparameters.indices.contains(binding.index) {
            throw RuntimeError(.specMismatch, "hyper-parameter \(binding.index) has no value")
        }
        var staged: [StagedInput] = []
        for tensor in tensors { staged.append(try StagedInput(tensor)) }
        try unsafe run(
            inputs: staged.map { unsafe UnsafeRawPointer($0.memory.base) }, hyperparameters: hyperparameters,
            seed: seed,
            counter: counter)
        withExtendedLifetime(staged) {}
    }

    /// The first element of an output, after a run.
    public func scalar(_ output: Int) -> Float {
        program.outputSpecs[output].byteCount > 0 ? unsafe address(of: output).load(as: Float.self) : .nan
    }

    /// Runs `body` on the elements of a float32 output, in row-major order.
    public func withOutput<R>(_ output: Int, _ body: (UnsafeBufferPointer<Float>) throws -> R) rethrows -> R {
        let start = unsafe address(of: output).assumingMemoryBound(to: Float.self)
        let elements = unsafe UnsafeBufferPointer(
            start: start, count: program.outputSpecs[output].shape.elementCount)
        return try unsafe body(elements)
    }

    /// A copy of an output, after a run.
    public func tensor(_ output: Int) -> Tensor {
        unsafe Tensor(copying: address(of: output), spec: program.outputSpecs[output])
    }

    private func address(of output: Int) -> UnsafeRawPointer {
        unsafe UnsafeRawPointer(addresses[program.plan.outputs[output].index].unsafelyUnwrapped)
    }
}

/// Aligned memory with the elements of a tensor.
private final class StagedInput {
    let memory: AlignedBuffer

    init(_ tensor: Tensor) throws(RuntimeError) {
        memory = try AlignedBuffer(byteCount: tensor.spec.byteCount, budget: nil)
        unsafe tensor.copyElements(to: memory.base)
    }
}
