/// What a program consists of: numbers that tests and profilers look at.
public struct ProgramStatistics: Hashable, Sendable {
    /// Everything that runs one after another.
    public let steps: Int
    /// Fused element-wise loops.
    public let fusedLoops: Int
    /// Matrix products, convolutions, pooling and normalization of the kernel library.
    public let primitives: Int
    /// Moves of a tensor from one memory layout to another.
    public let reorders: Int
    /// Bytes of the arena: everything that is neither variable nor input.
    public let arenaByteCount: Int
    /// The most threads that a step uses.
    public let threads: Int

    init<Device>(_ plan: Plan<Device>) {
        var (loops, primitives, reorders) = (0, 0, 0)
        for step in plan.steps {
            switch step.kernel.kind {
            case .fusedLoop: loops += 1
            case .kernel, .loop: break
            case .primitive: primitives += 1
            case .reorder: reorders += 1
            }
        }
        steps = plan.steps.count
        fusedLoops = loops
        self.primitives = primitives
        self.reorders = reorders
        arenaByteCount = plan.arenaByteCount
        threads = plan.threads
    }
}
