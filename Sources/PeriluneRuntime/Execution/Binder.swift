internal import CKernels
internal import COneDNN
internal import PeriluneGraph

/// Resolves a plan's steps against memory.
@unsafe struct Binder {
    private let plan: Plan
    private let bindings: BindingMemory
    private let scratch: UnsafeMutableRawPointer
    /// By buffer; nil for what each run brings along.
    let addresses: [UnsafeMutableRawPointer?]
    /// By buffer of an input: the library's objects that point at it.
    private(set) var inputMemories: [Int: [dnnl_memory_t]] = unsafe [:]

    init(_ plan: Plan, _ variables: VariableStore, _ arena: UnsafeMutableRawPointer, _ bindings: BindingMemory) {
        unsafe self.plan = plan
        unsafe self.bindings = bindings
        unsafe scratch = arena + plan.scratchOffset
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
            case .input, .hyperparameter: nil
            }
        }
    }

    mutating func bind(_ step: Plan.Step) throws(RuntimeError) -> BoundStep {
        let action: BoundStep.Action
        switch step.operation {
        case .fused(let loop): unsafe action = unsafe bind(loop)
        case .kernel(let call): unsafe action = unsafe bind(call)
        case .primitive(let primitive): unsafe action = try unsafe bind(primitive, step)
        }
        return unsafe BoundStep(
            action: action, reads: bindings.keep(step.reads.map { Int32($0.index) }), readCount: step.reads.count,
            writes: bindings.keep(step.writes.map { Int32($0.index) }), writeCount: step.writes.count,
            threads: Int32(step.threads))
    }

    private func bind(_ loop: FusedLoop) -> BoundStep.Action {
        let descriptor = unsafe pk_fused(
            rows: Int64(loop.rows), columns: Int64(loop.columns), value_count: Int32(loop.values.count),
            instruction_count: Int32(loop.instructions.count), sink_count: Int32(loop.sinks.count),
            values: bindings.keep(loop.values), instructions: bindings.keep(loop.instructions),
            sinks: bindings.keep(loop.sinks))
        let kept: UnsafeMutablePointer<pk_fused> = unsafe bindings.place(descriptor)
        return unsafe .fused(UnsafePointer(kept))
    }

    private mutating func bind(
        _ primitive: OneDNNPrimitive, _ step: Plan.Step
    ) throws(RuntimeError) -> BoundStep.Action {
        var arguments: [dnnl_exec_arg_t] = unsafe []
        for (argument, buffer) in zip(primitive.arguments, step.reads + step.writes) {
            let memory = try unsafe bindings.memory(argument.layout, at: addresses[buffer.index])
            unsafe arguments.append(dnnl_exec_arg_t(arg: argument.name, memory: memory))
            if case .input = unsafe plan.buffers[buffer.index].home {
                unsafe inputMemories[buffer.index, default: []].append(memory)
            }
        }
        let memory = try unsafe bindings.memory(primitive.scratchpad, at: scratch)
        unsafe arguments.append(dnnl_exec_arg_t(arg: DNNL_ARG_SCRATCHPAD, memory: memory))
        let kept: UnsafePointer<dnnl_exec_arg_t> = unsafe bindings.place(arguments)
        return unsafe .primitive(primitive.handle, kept, count: Int32(arguments.count))
    }

    private func bind(_ call: KernelCall) -> BoundStep.Action {
        switch call {
        case .copy(let extents, let source, let target, let sourceOffset, let targetOffset, let clearing):
            let table = unsafe bindings.keep((extents + source + target).map(Int64.init))
            return unsafe .copy(
                table, rank: Int32(extents.count), sourceOffset: sourceOffset, targetOffset: targetOffset,
                clearing: clearing)
        case .fill(let bits, let count): return unsafe .fill(bits: bits, count: count)
        case .gather(let tableRows, let rowElements, let count):
            return unsafe .gather(tableRows: tableRows, rowElements: rowElements, count: count)
        case .scatterAdd(let count, let rowElements, let rows):
            return unsafe .scatterAdd(count: count, rowElements: rowElements, rows: rows)
        case .softmax(let rows, let columns, let logarithm):
            return unsafe .softmax(rows: rows, columns: columns, logarithm: logarithm)
        case .argMax(let rows, let columns): return unsafe .argMax(rows: rows, columns: columns)
        case .inTopK(let rows, let columns, let k): return unsafe .inTopK(rows: rows, columns: columns, k: k)
        case .oneHot(let count, let depth): return unsafe .oneHot(count: count, depth: depth)
        case .reduce(let operation, let outer, let middle, let inner):
            let reduction: pk_reduction =
                switch operation {
                case .sum: PK_SUM
                case .maximum: PK_MAX
                case .minimum: PK_MIN
                }
            return unsafe .reduce(reduction, outer: outer, middle: middle, inner: inner)
        case .random(let distribution, let stream, let count):
            switch distribution {
            case .uniform: return unsafe .random(PK_UNIFORM, stream: stream, rate: 0, count: count)
            case .normal: return unsafe .random(PK_NORMAL, stream: stream, rate: 0, count: count)
            case .dropoutMask(let rate):
                return unsafe .random(PK_DROPOUT_MASK, stream: stream, rate: rate, count: count)
            }
        case .maxPool(let windows, let rectifies, _):
            let kept: UnsafeMutablePointer<pk_windows> = unsafe bindings.place(windows.descriptor)
            return unsafe .maxPool(UnsafePointer(kept), rectifies: rectifies)
        case .maxPoolGradient(let windows):
            let kept: UnsafeMutablePointer<pk_windows> = unsafe bindings.place(windows.descriptor)
            return unsafe .maxPoolGradient(UnsafePointer(kept))
        }
    }
}
