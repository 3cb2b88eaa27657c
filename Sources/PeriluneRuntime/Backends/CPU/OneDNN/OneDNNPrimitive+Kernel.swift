internal import COneDNN
internal import PeriluneGraph

extension OneDNNPrimitive: CPUKernel {
    /// The number was fixed when the primitive was compiled.
    func threads(available: Int, isLoopStep: Bool) -> Int { available }

    func scratchByteCount(threads: Int) -> Int { scratchpad.byteCount }

    func readsElementwise(_ index: Int) -> Bool { false }

    var primitive: OneDNNPrimitive? { self }

    var kind: StepKind {
        switch operation {
        case .matmul, .convolution, .pooling, .batchNormalization: .primitive
        case .reorder: .reorder
        }
    }

    func bind(_ step: Plan<CPU>.Step, _ binder: inout Binder) throws(RuntimeError) -> BoundKernel {
        var arguments: [dnnl_exec_arg_t] = unsafe []
        for (argument, buffer) in zip(self.arguments, step.reads + step.writes) {
            try unsafe arguments.append(
                dnnl_exec_arg_t(arg: argument.name, memory: binder.memory(argument.layout, of: buffer)))
        }
        try unsafe arguments.append(
            dnnl_exec_arg_t(arg: DNNL_ARG_SCRATCHPAD, memory: binder.scratchMemory(scratchpad)))
        return unsafe BoundPrimitive(handle, binder.keep(arguments), count: Int32(arguments.count))
    }
}

/// A primitive that is ready to run.
@safe final class BoundPrimitive: BoundKernel {
    private let primitive: dnnl_primitive_t
    private let arguments: UnsafePointer<dnnl_exec_arg_t>
    private let count: Int32

    /// The program keeps the primitive, and the context the arguments.
    init(_ primitive: dnnl_primitive_t, _ arguments: UnsafePointer<dnnl_exec_arg_t>, count: Int32) {
        unsafe (self.primitive, self.arguments) = unsafe (primitive, arguments)
        self.count = count
    }

    @unsafe override func run(_ memory: StepMemory) -> Bool {
        unsafe dnnl_primitive_execute(primitive, memory.state.pointee.stream, count, arguments) == dnnl_success
    }
}
