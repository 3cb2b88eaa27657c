internal import PeriluneGraph

/// A loop over time: the plan of its step, and which buffer holds what before and after one.
struct ScanKernel: CPUKernel {
    let plan: Plan<CPU>
    let length: Int
    let isReversed: Bool
    /// The inputs of a step, in the order of the loop's operands, and then its results.
    let inputs: [Row]
    let results: [Result]
    let carryCount: Int

    /// What a step reads.
    struct Row {
        /// From a step to the next; 0 where all steps see the same.
        let stride: Int
    }

    /// A carry for the next step, or a row of an output.
    struct Result {
        let byteCount: Int
        /// The result of the plan that it is: where a carry is a row of an output too, both are one.
        let position: Int
    }

    init(_ scan: Scan, threads: Int) throws(RuntimeError) {
        let outputs = scan.body.outputs.map(\.value)
        // Rows of outputs first: a carry that is one of them finds it there.
        var values: [Value] = []
        for value in outputs[scan.carryCount...] + outputs[..<scan.carryCount] where !values.contains(value) {
            values.append(value)
        }
        plan = try Plan(step: scan.body, results: values, threads: threads)
        length = scan.length
        isReversed = scan.isReversed
        carryCount = scan.carryCount
        var strides: [Int: Int] = [:]
        for node in scan.body.nodes {
            guard case .input(let position) = node.op else { continue }
            let isRow = (scan.carryCount..<scan.carryCount + scan.sequenceCount).contains(position)
            strides[position] = isRow ? node.outputs[0].byteCount : 0
        }
        inputs = (0..<(strides.keys.max() ?? -1) + 1).map { Row(stride: strides[$0] ?? 0) }
        results = outputs.map { value in
            Result(
                byteCount: scan.body.spec(of: value).byteCount, position: values.firstIndex(of: value) ?? 0)
        }
    }

    func threads(available: Int, isLoopStep: Bool) -> Int { plan.threads }

    func scratchByteCount(threads: Int) -> Int { 0 }

    func readsElementwise(_ index: Int) -> Bool { false }

    var kind: StepKind { .loop }

    func bind(_ step: Plan<CPU>.Step, _ binder: inout Binder) throws(RuntimeError) -> BoundKernel {
        try unsafe BoundScan(self, operandCount: step.reads.count, budget: binder.budget)
    }
}

/// A loop with memory to run its step in.
@safe private final class BoundScan: BoundKernel {
    private let kernel: ScanKernel
    private var execution: CPUExecution
    /// Two places for each carry: one is read while the other is written.
    private let carries: AlignedBuffer
    private let carryOffsets: [Int]
    /// Where a step finds its inputs and puts its results.
    private let inputs: UnsafeMutablePointer<UnsafeMutableRawPointer>
    private let results: UnsafeMutablePointer<UnsafeMutableRawPointer>
    private let operandCount: Int

    /// - Throws: `RuntimeError` where there is not enough memory.
    init(_ kernel: ScanKernel, operandCount: Int, budget: (any MemoryBudget)?) throws(RuntimeError) {
        self.kernel = kernel
        self.operandCount = operandCount
        execution = try CPUExecution(kernel.plan, variables: VariableStore(budget: budget))
        var offsets: [Int] = []
        var end = 0
        for carry in kernel.results.prefix(kernel.carryCount) {
            offsets.append(end)
            end += 2 * MemoryPlan.aligned(carry.byteCount)
        }
        carryOffsets = offsets
        carries = try AlignedBuffer(byteCount: end, budget: budget)
        unsafe inputs = .allocate(capacity: max(1, operandCount))
        unsafe inputs.initialize(repeating: carries.base, count: max(1, operandCount))
        unsafe results = .allocate(capacity: max(1, kernel.results.count))
        unsafe results.initialize(repeating: carries.base, count: max(1, kernel.results.count))
    }

    deinit {
        unsafe inputs.deallocate()
        unsafe results.deallocate()
    }

    @unsafe override func run(_ memory: StepMemory) -> Bool {
        let (length, carryCount) = (kernel.length, kernel.carryCount)
        for index in 0..<operandCount { unsafe inputs[index] = memory.source(index) }
        for step in 0..<length {
            let row = kernel.isReversed ? length - 1 - step : step
            for index in carryCount..<max(carryCount, min(operandCount, kernel.inputs.count)) {
                unsafe inputs[index] = memory.source(index) + row * kernel.inputs[index].stride
            }
            for index in 0..<carryCount {
                let place = carryOffsets[index] + step % 2 * MemoryPlan.aligned(kernel.results[index].byteCount)
                unsafe results[kernel.results[index].position] =
                    step == length - 1 ? memory.target(index) : carries.base + place
            }
            // What is both is a row, which the next step then reads.
            for index in carryCount..<kernel.results.count {
                unsafe results[kernel.results[index].position] =
                    memory.target(index) + row * kernel.results[index].byteCount
            }
            guard unsafe execution.runStep(inputs: inputs, results: results, within: memory.state) else { return false }
            for index in 0..<carryCount { unsafe inputs[index] = results[kernel.results[index].position] }
        }
        // The last carries, where they are somewhere else: the initial ones of no steps, and rows.
        for index in 0..<carryCount {
            let (source, target) = unsafe (inputs[index], memory.target(index))
            if unsafe source != target {
                unsafe target.copyMemory(from: source, byteCount: kernel.results[index].byteCount)
            }
        }
        return true
    }
}
