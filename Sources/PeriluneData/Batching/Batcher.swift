import PeriluneGraph

/// Turns a data set into batches, epoch by epoch.
///
/// ```swift
/// let batcher = try Batcher(train, options: .init(batchSize: 32, shuffle: true, seed: 42))
/// while try batcher.startEpoch(epoch) {
///     while let batch = try batcher.next() { step(batch) }
/// }
/// ```
///
/// What a batch holds depends on data, options, epoch and batch number alone: not on how it is prepared, nor on the
/// batches before it. Larger batches are prepared ahead on a thread of the batcher's own. A batcher belongs to the
/// thread that uses it; when it is let go or stopped, its thread ends.
public final class Batcher {
    /// What `Batcher` does with a data set.
    public struct Options: Sendable {
        /// Examples per batch; nil takes the data set's preference, or else 32.
        public var batchSize: Int?
        /// Whether examples come in a new order each pass. Generators give their own order.
        public var shuffle: Bool
        public var seed: UInt64
        /// A fixed number of batches per epoch; the passes over the data then run on across epochs.
        public var stepsPerEpoch: Int?
        /// Whether the last batch of a pass is left out where it has fewer examples. A generator's own batches stay.
        public var dropsLast: Bool
        public var preparation: Preparation

        public init(
            batchSize: Int? = nil, shuffle: Bool = false, seed: UInt64 = 0, stepsPerEpoch: Int? = nil,
            dropsLast: Bool = false,
            preparation: Preparation = .automatic
        ) {
            self.batchSize = batchSize
            self.shuffle = shuffle
            self.seed = seed
            self.stepsPerEpoch = stepsPerEpoch
            self.dropsLast = dropsLast
            self.preparation = preparation
        }
    }

    /// Where batches of data in memory are prepared; it makes no difference to what they hold.
    public enum Preparation: Hashable, Sendable {
        /// Ahead, where a batch is large enough for the hand-off to pay.
        case automatic
        case inline
        case ahead
    }

    /// A batch of at least this many bytes is prepared ahead. Below it, copying takes less than what a thread of its
    /// own takes from the step: 10 to 15 µs for the hand-off, and time on a processor that the step's own threads hold.
    static let aheadThreshold = 1024 * 1024
    /// Epochs and steps stay below this, so that their products are exact.
    private static let limit = 1_000_000_000

    /// What each batch holds; known for a generator too, whose first examples were looked at.
    public let layout: DataLayout
    /// Examples per batch; the last of a pass may have fewer, and a generator of batches has its own sizes.
    public let batchSize: Int
    /// Nil for a generator without fixed steps.
    public let batchesPerEpoch: Int?
    /// Every size that a batch may have, the full one first; nil for a generator.
    public let possibleBatchSizes: [Int]?
    /// Whether a thread prepares batches ahead.
    public let preparesAhead: Bool

    private let feed: any BatchFeed
    private let generator: GeneratorFeed?
    private let plan: BatchPlan?
    private var position = BatchPlan.Position(epoch: 1, batch: 1)
    private var isStarted = false
    private var isStopped = false

    /// - Parameter rules: what the values of data of a layout have to be; asked once, when the layout is known. Data in
    ///   memory are checked here, a generator's batch by batch.
    /// - Throws: `DataError` where an option makes no sense, a value breaks a rule, or a generator without a declared
    ///   layout gives no usable first example; what `rules` throws.
    public init(
        _ dataset: Dataset, options: Options = Options(),
        rules: (DataLayout) throws -> FieldRules = { _ in FieldRules() }
    ) throws {
        let batchSize = options.batchSize ?? dataset.preferredBatchSize ?? 32
        guard batchSize >= 1 else {
            throw DataError(.invalidArgument, "batch_size must be at least 1, got \(batchSize)")
        }
        if let steps = options.stepsPerEpoch, steps < 1 || steps > Self.limit {
            throw DataError(.invalidArgument, "steps_per_epoch must be 1 to \(Self.limit), got \(steps)")
        }
        switch dataset.origin {
        case .generator(let source):
            let feed = try GeneratorFeed(
                source, layout: dataset.layout, batchSize: batchSize, stepsPerEpoch: options.stepsPerEpoch,
                dropsLast: options.dropsLast, rules: rules)
            (self.feed, generator, plan) = (feed, feed, nil)
            (layout, self.batchSize, batchesPerEpoch) = (feed.layout, batchSize, options.stepsPerEpoch)
            (possibleBatchSizes, preparesAhead) = (nil, false)
        case .memory:
            let declared = try dataset.inMemory("batching").layout
            let (store, rows, layout) = try dataset.checked(by: rules(declared)).inMemory("batching")
            let size = min(batchSize, rows.count)
            let plan = BatchPlan(
                count: rows.count, batchSize: size, isShuffled: options.shuffle, seed: options.seed,
                stepsPerEpoch: options.stepsPerEpoch, dropsLast: options.dropsLast)
            let gatherer = RowGatherer(plan: plan, store: store, rows: rows, layout: layout)
            let makeBuffer = { BatchBuffer(slots: layout.slots, examples: size) }
            let bytes = layout.slots.reduce(0) { $0 + $1.byteCount } * size
            preparesAhead =
                switch options.preparation {
                case .automatic: bytes >= Self.aheadThreshold && plan.batchesPerPass > 1
                case .inline: false
                case .ahead: true
                }
            feed =
                preparesAhead
                ? try AheadFeed(gatherer: gatherer, makeBuffer: makeBuffer)
                : InlineFeed(gatherer: gatherer, buffer: makeBuffer())
            (generator, self.plan, self.layout, self.batchSize) = (nil, plan, layout, size)
            batchesPerEpoch = plan.batchesPerEpoch
            possibleBatchSizes = options.dropsLast || rows.count % size == 0 ? [size] : [size, rows.count % size]
        }
    }

    deinit { feed.stop() }

    /// Why a generator has no more data, as a warning to print; nil as long as there is some.
    ///
    /// Set when it runs dry in the middle of an epoch of fixed steps, or has nothing for a new one. Training ends then.
    public var exhaustion: String? { generator?.exhaustion }

    /// Goes to the beginning of an epoch, or to one of its batches when a run is resumed.
    ///
    /// - Parameters:
    ///   - epoch: from 1.
    ///   - batch: the batch to begin with, from 1; one past the last is an epoch with nothing left.
    /// - Returns: false where a generator has no more data, and training ends: `exhaustion` says why.
    /// - Throws: `DataError` where there is no such epoch or batch; what a generator throws.
    public func startEpoch(_ epoch: Int, atBatch batch: Int = 1) throws -> Bool {
        guard !isStopped else { throw DataError(.invalidArgument, "the batcher is stopped") }
        guard (1...Self.limit).contains(epoch) else {
            throw DataError(.invalidArgument, "there is no epoch \(epoch); epochs are numbered from 1")
        }
        guard batch >= 1, batch - 1 <= batchesPerEpoch ?? Self.limit else {
            let has = batchesPerEpoch.map { "; an epoch has \($0)" } ?? ""
            throw DataError(.invalidArgument, "there is no batch \(batch)\(has)")
        }
        position = BatchPlan.Position(epoch: epoch, batch: batch)
        isStarted = try feed.start(at: position)
        return isStarted
    }

    /// The next batch of the epoch; nil at its end. The batch before is released.
    ///
    /// - Throws: what a generator throws, or `DataError` where what it gives is unusable.
    public func next() throws -> Batch? {
        guard isStarted, batchesPerEpoch.map({ position.batch <= $0 }) ?? true, let (buffer, count) = try feed.next()
        else {
            feed.release()
            isStarted = false
            return nil
        }
        defer { position.batch += 1 }
        return Batch(epoch: position.epoch, index: position.batch, count: count, layout: layout, buffer: buffer)
    }

    /// Whether `next` has another batch for this epoch. Takes the next example of a generator to find out; an error of
    /// the generator counts as a batch, and `next` throws it.
    public func hasNext() -> Bool {
        isStarted && batchesPerEpoch.map { position.batch <= $0 } ?? true && feed.hasNext()
    }

    /// Releases the batch last taken before the next one is asked for, so that its memory can be filled meanwhile.
    public func release() { feed.release() }

    /// Ends the batcher's thread; there are no more batches afterwards. Letting go of the batcher does the same.
    public func stop() {
        isStarted = false
        isStopped = true
        feed.stop()
    }

    /// The number of examples in a batch of an epoch, both from 1; nil for a generator.
    public func exampleCount(epoch: Int, batch: Int) -> Int? {
        guard let plan, (1...Self.limit).contains(epoch), (1...plan.batchesPerEpoch).contains(batch) else { return nil }
        return plan.examples(at: BatchPlan.Position(epoch: epoch, batch: batch)).positions.count
    }
}
