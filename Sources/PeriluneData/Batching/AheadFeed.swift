import Glibc

/// Prepares batches ahead of the step, on a thread of its own.
final class AheadFeed: BatchFeed {
    /// Shared with the thread, which lets go of it when it ends.
    let ring: PreparationRing
    private var thread: pthread_t?

    /// - Throws: `DataError` where the system gives no thread.
    init(gatherer: RowGatherer, makeBuffer: () -> BatchBuffer) throws {
        ring = PreparationRing(plan: gatherer.plan, makeBuffer: makeBuffer)
        let body = Unmanaged.passRetained(Body(ring: ring, gatherer: gatherer))

        // Signals are for the threads of the host: this one takes none, which it inherits from here.
        var all = sigset_t()
        var before = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_BLOCK, &all, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        var thread = pthread_t()
        let status = pthread_create(&thread, nil, Body.entry, body.toOpaque())
        guard status == 0 else {
            body.release()
            throw DataError(.unreadable, "no thread to prepare batches on: \(String(cString: strerror(status)))")
        }
        self.thread = thread
    }

    deinit { stop() }

    func start(at position: BatchPlan.Position) -> Bool {
        ring.start(at: position)
        return true
    }

    func next() -> (buffer: BatchBuffer, count: Int)? { ring.take() }

    func hasNext() -> Bool { true }

    func release() { ring.giveBack() }

    /// Returns when the thread has ended.
    func stop() {
        guard let thread else { return }
        ring.stop()
        pthread_join(thread, nil)
        self.thread = nil
    }

    /// What the thread is given: it owns this, and lets go of it at its end.
    private final class Body {
        private let ring: PreparationRing
        private let gatherer: RowGatherer

        init(ring: PreparationRing, gatherer: RowGatherer) {
            self.ring = ring
            self.gatherer = gatherer
        }

        static let entry: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
            guard let argument else { return nil }
            let body = Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
            body.ring.run(body.gatherer)
            return nil
        }
    }
}
