internal import PeriluneGraph

/// A step on the CPU: a loop of CKernels, a fused loop, or a primitive of the kernel library.
protocol CPUKernel: BackendKernel {
    /// The kernel with all that does not change from run to run, ready to run.
    /// - Throws: `RuntimeError` where there is not enough memory.
    func bind(_ step: Plan<CPU>.Step, _ binder: inout Binder) throws(RuntimeError) -> BoundKernel

    /// The primitive of the kernel library that it is; nil for loops.
    var primitive: OneDNNPrimitive? { get }
}

extension CPUKernel {
    var primitive: OneDNNPrimitive? { nil }
}

/// A loop of CKernels: its call with all but its pointers, what it costs, and how it runs stand together, one file a
/// kernel.
protocol LoopKernel: CPUKernel {
    /// Elements that it moves or transforms.
    var elementCount: Int { get }

    /// Runs it. Neither allocates nor counts references.
    @unsafe func run(_ memory: StepMemory)
}

extension LoopKernel {
    func threads(available: Int, isLoopStep: Bool) -> Int {
        elementCount >= Threading.smallest(Threading.smallestKernel, isLoopStep: isLoopStep) ? available : 1
    }

    func scratchByteCount(threads: Int) -> Int { 0 }

    func readsElementwise(_ index: Int) -> Bool { false }

    var kind: StepKind { .kernel }

    func bind(_ step: Plan<CPU>.Step, _ binder: inout Binder) -> BoundKernel { BoundLoop(self) }
}

/// A kernel that is ready to run.
class BoundKernel {
    /// Neither allocates nor counts references.
    /// - Returns: whether it worked; only a primitive of the kernel library can fail, where it finds no memory.
    @unsafe func run(_ memory: StepMemory) -> Bool {
        preconditionFailure("a bound kernel says how it runs")
    }
}

private final class BoundLoop<Kernel: LoopKernel>: BoundKernel {
    private let kernel: Kernel

    init(_ kernel: Kernel) { self.kernel = kernel }

    @unsafe override func run(_ memory: StepMemory) -> Bool {
        unsafe kernel.run(memory)
        return true
    }
}

/// A kernel of any kind, as plans hold it.
struct CPUStep: BackendKernel {
    let kernel: any CPUKernel

    init(_ kernel: any CPUKernel) { self.kernel = kernel }

    func threads(available: Int, isLoopStep: Bool) -> Int {
        kernel.threads(available: available, isLoopStep: isLoopStep)
    }

    func scratchByteCount(threads: Int) -> Int { kernel.scratchByteCount(threads: threads) }

    func readsElementwise(_ index: Int) -> Bool { kernel.readsElementwise(index) }

    var kind: StepKind { kernel.kind }
}
