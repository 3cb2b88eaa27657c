internal import CKernels
internal import COneDNN

/// A program as fewer threads run it, with the same bits.
///
/// Our own loops have as many parts as ever, which fewer threads share. The library's primitives are compiled again,
/// for fewer threads; whether one still gives the same bits depends on how it shares its sums, so each is held against
/// the first on random numbers. The sums of kernels' gradients, which do depend on it, are put together as the larger
/// team does. What neither way gives the same bits runs on the full team here too.
@safe final class SmallTeam {
    /// How many threads it has.
    let threads: Int
    /// The steps in their order.
    let steps: UnsafeMutableBufferPointer<Step>
    /// The library's objects that must be told of the caller's buffers.
    private let inputs: [Input]

    private let primitives: [OneDNNPrimitive]
    private let kernels: [BoundKernel]
    private let bindings: BindingMemory
    private let scratch: AlignedBuffer

    @unsafe struct Step {
        let bound: BoundStep
        /// Whether only the full team gives the right bits.
        let needsFullTeam: Bool
    }

    /// An object that begins `offset` bytes into a buffer.
    @unsafe struct Input {
        let buffer: Int
        let memory: dnnl_memory_t
        let offset: Int
    }

    /// - Parameters:
    ///   - steps: as the full team runs them.
    ///   - addresses: by buffer, of this moment.
    /// - Throws: `RuntimeError` where there is not enough memory.
    @unsafe init(
        _ plan: Plan<CPU>, _ steps: UnsafeMutableBufferPointer<BoundStep>,
        _ addresses: UnsafeMutablePointer<UnsafeMutableRawPointer?>, budget: (any MemoryBudget)?
    ) throws(RuntimeError) {
        let threads = plan.threads < 4 ? 1 : plan.threads / 2
        defer { pk_set_threads(Int32(plan.threads)) }
        var standIns: [Int: StandIn] = [:]
        for (index, step) in plan.steps.enumerated() {
            guard let primitive = step.kernel.kernel.primitive else { continue }
            let places = unsafe (step.reads + step.writes).map { unsafe addresses[$0.index] }
            standIns[index] = try unsafe StandIn(
                primitive, readCount: step.reads.count, from: plan.threads, to: threads, addresses: places,
                budget: budget)
        }
        let scratch = try AlignedBuffer(byteCount: standIns.values.map(\.scratchByteCount).max() ?? 0, budget: budget)

        let bindings = BindingMemory()
        var kernels: [BoundKernel] = []
        var inputs: [Input] = unsafe []
        var small: [Step] = unsafe []
        for (index, step) in plan.steps.enumerated() {
            let bound = unsafe steps[index]
            let buffers = step.reads + step.writes
            func isCallers(_ argument: Int) -> Bool {
                plan.buffers[buffers[argument].index].home.isCallers
            }
            switch standIns[index] {
            case nil: unsafe small.append(Step(bound: bound, needsFullTeam: false))
            case .fullTeam: unsafe small.append(Step(bound: bound, needsFullTeam: true))
            case .primitive(let primitive):
                let places = unsafe buffers.map { unsafe addresses[$0.index] }
                let arguments = try unsafe bindings.arguments(of: primitive, at: places, scratch: scratch.base)
                for argument in primitive.arguments.indices where isCallers(argument) {
                    unsafe inputs.append(
                        Input(buffer: buffers[argument].index, memory: arguments[argument].memory, offset: 0))
                }
                let kernel = unsafe BoundPrimitive(
                    primitive.handle, bindings.keep(arguments), count: Int32(arguments.count))
                kernels.append(kernel)
                unsafe small.append(Step(bound: bound.running(kernel), needsFullTeam: false))
            case .sliced(let sliced):
                for index in unsafe sliced.inputs.indices {
                    let input = unsafe sliced.inputs[index]
                    guard unsafe isCallers(input.argument) else { continue }
                    unsafe inputs.append(
                        Input(
                            buffer: buffers[input.argument].index, memory: input.memory, offset: input.offset))
                }
                kernels.append(sliced)
                unsafe small.append(Step(bound: bound.running(sliced), needsFullTeam: false))
            }
        }
        self.threads = threads
        self.bindings = bindings
        self.scratch = scratch
        self.kernels = kernels
        unsafe self.inputs = inputs
        primitives = standIns.values.compactMap(\.primitive)
        unsafe self.steps = .allocate(capacity: small.count)
        _ = unsafe self.steps.initialize(from: small)
    }

    deinit {
        unsafe steps.deallocate()
    }

    /// Tells the library where the caller's buffer number `buffer` is.
    func setMemory(_ buffer: Int, _ pointer: UnsafeMutableRawPointer) {
        for index in 0..<(unsafe inputs.count) {
            let input = unsafe inputs[index]
            if unsafe input.buffer == buffer {
                unsafe dnnl_memory_set_data_handle(input.memory, pointer + input.offset)
            }
        }
    }

    /// How many primitives need the full team nevertheless.
    var fullTeamCount: Int {
        unsafe steps.count { unsafe $0.needsFullTeam }
    }
}

/// What runs in place of a primitive on the small team.
private enum StandIn {
    case primitive(OneDNNPrimitive)
    case sliced(SlicedPrimitive)
    case fullTeam

    /// - Throws: `RuntimeError` where there is not enough memory to find out.
    init(
        _ original: OneDNNPrimitive, readCount: Int, from full: Int, to threads: Int,
        addresses: [UnsafeMutableRawPointer?], budget: (any MemoryBudget)?
    ) throws(RuntimeError) {
        let comparison = try PrimitiveComparison(original, readCount: readCount, threads: full, budget: budget)
        if let other = try? original.recompiled(threads: threads),
            try comparison.agrees(with: other, threads: threads)
        {
            self = .primitive(other)
            return
        }
        self = .fullTeam
        guard let examples = try original.summedExamples else { return }
        for ordersBias in [false, true] {
            let trial = try? unsafe SlicedPrimitive(
                original, examples: examples, parts: full, ordersBias: ordersBias, addresses: comparison.addresses,
                budget: budget)
            guard let trial, comparison.agrees(with: trial, threads: threads) else { continue }
            self = try unsafe .sliced(
                SlicedPrimitive(
                    original, examples: examples, parts: full, ordersBias: ordersBias, addresses: addresses,
                    budget: budget))
            return
        }
    }

    var primitive: OneDNNPrimitive? { if case .primitive(let primitive) = self { primitive } else { nil } }

    var scratchByteCount: Int { primitive?.scratchpad.byteCount ?? 0 }
}
