internal import CKernels

/// A fused loop in the form that the kernel interprets.
struct FusedLoop: CPUKernel {
    let rows: Int
    let columns: Int
    let values: [pk_value]
    let instructions: [pk_instruction]
    let sinks: [pk_sink]

    static let limits = LoopLimits(
        values: Int(PK_MAX_VALUES), inputs: Int(PK_MAX_INPUTS), outputs: Int(PK_MAX_OUTPUTS))

    /// Rough cost, in element operations.
    private var work: Int { rows * columns * max(1, instructions.count) }

    func threads(available: Int, isLoopStep: Bool) -> Int {
        work >= Threading.smallest(Threading.smallestLoop, isLoopStep: isLoopStep) ? available : 1
    }

    func scratchByteCount(threads: Int) -> Int {
        unsafe values.withUnsafeBufferPointer { values in
            unsafe instructions.withUnsafeBufferPointer { instructions in
                unsafe sinks.withUnsafeBufferPointer { sinks in
                    var loop = unsafe descriptor(values.baseAddress, instructions.baseAddress, sinks.baseAddress)
                    return unsafe Int(pk_fused_scratch_bytes(&loop, Int32(threads)))
                }
            }
        }
    }

    func readsElementwise(_ index: Int) -> Bool {
        values.allSatisfy { !$0.isLoad || Int($0.input) != index || $0.isElementwiseLoad }
    }

    var kind: StepKind { .fusedLoop }

    func bind(_ step: Plan<CPU>.Step, _ binder: inout Binder) -> BoundKernel {
        unsafe BoundFusedLoop(
            descriptor(binder.keep(values), binder.keep(instructions), binder.keep(sinks)), threads: step.threads)
    }

    @unsafe private func descriptor(
        _ values: UnsafePointer<pk_value>?, _ instructions: UnsafePointer<pk_instruction>?,
        _ sinks: UnsafePointer<pk_sink>?
    ) -> pk_fused {
        unsafe pk_fused(
            rows: Int64(rows), columns: Int64(columns), value_count: Int32(self.values.count),
            instruction_count: Int32(self.instructions.count), sink_count: Int32(self.sinks.count), values: values,
            instructions: instructions, sinks: sinks)
    }
}

@safe private final class BoundFusedLoop: BoundKernel {
    private let loop: UnsafeMutablePointer<pk_fused>
    private let prepared: UnsafeMutableRawPointer

    init(_ descriptor: pk_fused, threads: Int) {
        unsafe loop = .allocate(capacity: 1)
        unsafe loop.initialize(to: descriptor)
        unsafe prepared = .allocate(byteCount: Int(pk_prepared_bytes()), alignment: 64)
        unsafe pk_prepare(OpaquePointer(prepared), loop, Int32(threads))
    }

    deinit {
        unsafe prepared.deallocate()
        unsafe loop.deallocate()
    }

    @unsafe override func run(_ memory: StepMemory) -> Bool {
        // Room for the most pointers that a loop may have, on the stack.
        unsafe withUnsafeTemporaryAllocation(of: UnsafeRawPointer?.self, capacity: Int(PK_MAX_INPUTS)) { inputs in
            unsafe withUnsafeTemporaryAllocation(
                of: UnsafeMutableRawPointer?.self, capacity: Int(PK_MAX_OUTPUTS)
            ) { outputs in
                for index in 0..<(unsafe memory.readCount) {
                    unsafe inputs.initializeElement(at: index, to: UnsafeRawPointer(memory.source(index)))
                }
                for index in 0..<(unsafe memory.writeCount) {
                    unsafe outputs.initializeElement(at: index, to: memory.target(index))
                }
                unsafe pk_run_prepared(
                    OpaquePointer(prepared), inputs.baseAddress, outputs.baseAddress,
                    memory.state.pointee.scratch)
            }
        }
        return true
    }
}

extension pk_value {
    /// Whether the value is read from an input of the loop.
    var isLoad: Bool { access != UInt8(PK_COMPUTED.rawValue) && access != UInt8(PK_CONSTANT.rawValue) }

    /// Whether element i of the input serves element i of the loop alone.
    var isElementwiseLoad: Bool { access == UInt8(PK_FULL.rawValue) }
}
