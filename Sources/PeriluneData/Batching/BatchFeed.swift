/// A way to get batches ready: in place, ahead on another thread, or from a generator.
protocol BatchFeed: AnyObject {
    /// Goes to a batch of an epoch, both from 1; false where there is no more data.
    func start(at position: BatchPlan.Position) throws -> Bool
    /// The batch at the present position, in a buffer that stays as it is until the next call; nil at the end of the
    /// data. Goes on to the next position.
    func next() throws -> (buffer: BatchBuffer, count: Int)?
    /// Whether there is more data, or an error that `next` will throw; the buffer of the last batch stays as it is.
    func hasNext() -> Bool
    /// Gives the buffer of the last batch back early.
    func release()
    /// Ends what runs in the background. Nothing is asked of the feed afterwards.
    func stop()
}

/// Prepares each batch when it is asked for: for batches too small to be worth a thread.
final class InlineFeed: BatchFeed {
    private var gatherer: RowGatherer
    private let buffer: BatchBuffer
    private var position = BatchPlan.Position(epoch: 1, batch: 1)

    init(gatherer: RowGatherer, buffer: BatchBuffer) {
        self.gatherer = gatherer
        self.buffer = buffer
    }

    func start(at position: BatchPlan.Position) -> Bool {
        self.position = position
        return true
    }

    func next() -> (buffer: BatchBuffer, count: Int)? {
        let count = gatherer.fill(buffer, at: position)
        position = gatherer.plan.position(after: position)
        return (buffer, count)
    }

    func hasNext() -> Bool { true }

    func release() {}

    func stop() {}
}
