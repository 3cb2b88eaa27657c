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
    private let inputs: [CallerBinding]
    private let results: [CallerBinding]
    let hyperparameters: [(buffer: Int, index: Int)]
    private let budget: (any MemoryBudget)?
    private var sizing = TeamSizing()
    /// Made when it is first wanted.
    private var smallTeam: SmallTeam?
    /// Which threads run, where the plan uses several.
    var team = TeamChoice.bySituation

    /// A buffer that the caller hands over, with the library's objects that must be told of it.
    @unsafe private struct CallerBinding {
        let position: Int
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
        budget = variables.budget
        self.bindings = bindings
        self.kernels = kernels
        unsafe self.stream = stream
        self.arena = arena
        unsafe addresses = .allocate(capacity: plan.buffers.count)
        unsafe addresses.initialize(from: binder.addresses, count: plan.buffers.count)
        unsafe self.steps = .allocate(capacity: steps.count)
        _ = unsafe self.steps.initialize(from: steps)
        var inputs: [CallerBinding] = unsafe []
        var results: [CallerBinding] = unsafe []
        var hyperparameters: [(buffer: Int, index: Int)] = []
        for (index, buffer) in plan.buffers.enumerated() {
            switch buffer.home {
            case .input(let position):
                unsafe inputs.append(
                    CallerBinding(position: position, buffer: index, memories: binder.callerMemories[index] ?? []))
            case .result(let position):
                unsafe results.append(
                    CallerBinding(position: position, buffer: index, memories: binder.callerMemories[index] ?? []))
            case .hyperparameter(let position): hyperparameters.append((index, position))
            case .arena, .output, .variable, .literal: continue
            }
        }
        unsafe self.inputs = inputs
        unsafe self.results = results
        self.hyperparameters = hyperparameters
    }

    deinit {
        unsafe addresses.deallocate()
        unsafe steps.deallocate()
        unsafe dnnl_stream_destroy(stream)
    }

    /// Runs the plan once. Allocates nothing, but for the one time when fewer threads than all are first wanted.
    /// - Throws: `RuntimeError` where the kernel library finds no memory; it names where the operation is from.
    @unsafe mutating func run(
        inputs pointers: [UnsafeRawPointer], hyperparameters values: [Float], seed: UInt64, counter: UInt64
    ) throws(RuntimeError) {
        // By index: unoptimized iterators allocate.
        for index in 0..<(unsafe inputs.count) {
            let position = unsafe inputs[index].position
            unsafe place(inputs[index], at: UnsafeMutableRawPointer(mutating: pointers[position]))
        }
        var state = unsafe RunState(
            scratch: arena.base + plan.scratchOffset, stream: stream, seed: seed, counter: counter,
            isOnSmallTeam: false)
        let failed = unsafe values.withUnsafeBufferPointer { scalars in
            for position in 0..<hyperparameters.count {
                let binding = hyperparameters[position]
                unsafe addresses[binding.buffer] = UnsafeMutableRawPointer(
                    mutating: UnsafeRawPointer(scalars.baseAddress.unsafelyUnwrapped + binding.index))
            }
            return unsafe runOnATeam(&state)
        }
        guard failed < 0 else {
            throw RuntimeError(.outOfMemory, "a kernel of oneDNN found no memory to run in")
                .located(at: plan.steps[failed].origin)
        }
    }

    /// Tells the steps where a buffer of the caller's is.
    @unsafe private func place(_ binding: CallerBinding, at pointer: UnsafeMutableRawPointer) {
        let buffer = unsafe binding.buffer
        if unsafe addresses[buffer] == pointer { return }
        unsafe addresses[buffer] = pointer
        for index in 0..<(unsafe binding.memories.count) {
            _ = unsafe dnnl_memory_set_data_handle(binding.memories[index], pointer)
        }
        unsafe smallTeam?.setMemory(buffer, pointer)
    }

    /// Runs the plan of a loop's step once, on the threads that the loop runs on. Allocates nothing, but for the one
    /// time when fewer threads than all are first wanted.
    /// - Parameters:
    ///   - inputs, results: where the caller's buffers are, by position.
    ///   - outer: the run of the loop.
    /// - Returns: whether it worked.
    @unsafe mutating func runStep(
        inputs pointers: UnsafeMutablePointer<UnsafeMutableRawPointer>,
        results targets: UnsafeMutablePointer<UnsafeMutableRawPointer>, within outer: UnsafePointer<RunState>
    ) -> Bool {
        // By index: unoptimized iterators allocate.
        for index in 0..<(unsafe inputs.count) {
            let position = unsafe inputs[index].position
            unsafe place(inputs[index], at: pointers[position])
        }
        for index in 0..<(unsafe results.count) {
            let position = unsafe results[index].position
            unsafe place(results[index], at: targets[position])
        }
        var state = unsafe RunState(
            scratch: arena.base + plan.scratchOffset, stream: stream, seed: outer.pointee.seed,
            counter: outer.pointee.counter, isOnSmallTeam: false)
        let isSmall = unsafe outer.pointee.isOnSmallTeam && plan.threads > 1
        return unsafe (isSmall ? runOnSmallTeam(&state) : runOnFullTeam(&state)) < 0
    }

    /// - Returns: the number of a step that found no memory; negative where there is none.
    @unsafe private mutating func runOnATeam(_ state: UnsafePointer<RunState>) -> Int {
        guard plan.threads > 1 else { return unsafe runOnFullTeam(state) }
        switch team {
        case .full: return unsafe runOnFullTeam(state)
        case .small: return unsafe runOnSmallTeam(state)
        case .bySituation:
            if sizing.team == .small { makeSmallTeam() }
            let start = ProcessorUse.now
            let failed: Int
            switch sizing.team {
            case .full: unsafe failed = runOnFullTeam(state)
            case .small: unsafe failed = runOnSmallTeam(state)
            }
            let end = ProcessorUse.now
            sizing.record(
                nanoseconds: end.nanoseconds - start.nanoseconds, preemptions: end.preemptions - start.preemptions,
                now: end.nanoseconds)
            return failed
        }
    }

    @unsafe private func runOnFullTeam(_ state: UnsafePointer<RunState>) -> Int {
        pk_set_threads(Int32(plan.threads))
        pk_limit_team(Int32(plan.threads))
        for index in 0..<(unsafe steps.count) {
            guard unsafe steps[index].run(addresses, state) else { return index }
        }
        return -1
    }

    @unsafe private mutating func runOnSmallTeam(_ state: UnsafePointer<RunState>) -> Int {
        makeSmallTeam()
        guard let smallTeam else { return unsafe runOnFullTeam(state) }
        var state = unsafe state.pointee
        unsafe state.isOnSmallTeam = true
        let (full, small) = (Int32(plan.threads), Int32(smallTeam.threads))
        pk_limit_team(small)
        for index in 0..<(unsafe smallTeam.steps.count) {
            let step = unsafe smallTeam.steps[index]
            unsafe pk_set_threads(step.needsFullTeam ? full : small)
            guard unsafe step.bound.run(addresses, &state) else { return index }
        }
        return -1
    }

    /// How many primitives need all threads even on the small team, for tests; nil before it was wanted.
    var primitivesOfTheFullTeam: Int? { smallTeam?.fullTeamCount }

    /// Without memory for a small team, the full one runs for good.
    private mutating func makeSmallTeam() {
        guard smallTeam == nil else { return }
        smallTeam = try? unsafe SmallTeam(plan, steps, addresses, budget: budget)
        if smallTeam == nil { team = .full }
    }

    func address(of buffer: BufferID) -> UnsafeRawPointer {
        unsafe UnsafeRawPointer(addresses[buffer.index].unsafelyUnwrapped)
    }
}
