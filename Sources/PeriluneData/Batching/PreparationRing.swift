/// A few buffers that go round between the thread that fills them and the one that takes them.
///
/// Sendable though mutable: all state is touched with the monitor held, and a buffer by the side that has it.
final class PreparationRing: @unchecked Sendable {
    /// One buffer in use, one ready, one being filled.
    private static let depth = 3

    private let monitor = ThreadMonitor()
    private let buffers: [BatchBuffer]
    private var counts: [Int]
    private let plan: BatchPlan
    /// The oldest buffer that is filled and not taken.
    private var head = 0
    private var filled = 0
    private var isOneTaken = false
    /// What the head buffer holds, or will hold.
    private var headPosition = BatchPlan.Position(epoch: 1, batch: 1)
    private var fillPosition = BatchPlan.Position(epoch: 1, batch: 1)
    /// Nothing is prepared before it is known where to start.
    private var isStarted = false
    private var isStopped = false
    /// Counts jumps, so that a batch begun before a jump is thrown away.
    private var generation = 0

    init(plan: BatchPlan, makeBuffer: () -> BatchBuffer) {
        self.plan = plan
        buffers = (0..<Self.depth).map { _ in makeBuffer() }
        counts = [Int](repeating: 0, count: Self.depth)
    }

    // MARK: The side that takes

    /// Makes `position` the next batch to be taken. What was prepared ahead stays where it is the right one.
    func start(at position: BatchPlan.Position) {
        monitor.locked {
            isOneTaken = false
            if !isStarted || position != headPosition {
                isStarted = true
                generation += 1
                filled = 0
                headPosition = position
                fillPosition = position
            }
            monitor.signal()
        }
    }

    /// Waits for the next batch and takes it; the one taken before is given back.
    func take() -> (buffer: BatchBuffer, count: Int)? {
        monitor.locked {
            if isOneTaken {
                isOneTaken = false
                monitor.signal()
            }
            while filled == 0, !isStopped { monitor.wait() }
            guard !isStopped else { return nil }
            let taken = head
            head = (head + 1) % Self.depth
            filled -= 1
            isOneTaken = true
            headPosition = plan.position(after: headPosition)
            return (buffers[taken], counts[taken])
        }
    }

    func giveBack() {
        monitor.locked {
            isOneTaken = false
            monitor.signal()
        }
    }

    func stop() {
        monitor.locked {
            isStopped = true
            monitor.signal()
        }
    }

    // MARK: The side that fills

    /// Fills buffers until the ring is stopped; the body of the thread.
    func run(_ gatherer: consuming RowGatherer) {
        while let work = nextWork() {
            let count = gatherer.fill(buffers[work.index], at: work.position)
            finish(work, count: count)
        }
    }

    private struct Work {
        let index: Int
        let position: BatchPlan.Position
        let generation: Int
    }

    private func nextWork() -> Work? {
        monitor.locked {
            while !isStopped, !isStarted || filled + (isOneTaken ? 1 : 0) == Self.depth { monitor.wait() }
            guard !isStopped else { return nil }
            return Work(index: (head + filled) % Self.depth, position: fillPosition, generation: generation)
        }
    }

    private func finish(_ work: Work, count: Int) {
        monitor.locked {
            guard work.generation == generation else { return }
            counts[work.index] = count
            filled += 1
            fillPosition = plan.position(after: fillPosition)
            monitor.signal()
        }
    }
}
