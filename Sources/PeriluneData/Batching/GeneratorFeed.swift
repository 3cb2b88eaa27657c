import PeriluneGraph

/// Takes batches from a generator, on the thread that asks for them.
final class GeneratorFeed: BatchFeed {
    private let source: GeneratorSource
    private let batchSize: Int
    private let stepsPerEpoch: Int?
    /// Whether examples that do not fill a batch are left out.
    private let dropsLast: Bool
    private let checker: GeneratedBatchChecker
    private let buffer: BatchBuffer
    private let pass: ExamplePasses
    private var iterator: ExampleIterator?
    /// What was taken from the iterator to look at it, and has yet to be used.
    private var pending: [GeneratedExamples] = []
    /// What the generator threw when it was looked at ahead.
    private var failure: (any Error)?
    /// Whether the iterator is at its beginning, but for `pending`.
    private var isFresh = false
    private var position = BatchPlan.Position(epoch: 1, batch: 1)
    private var hasGivenData = false

    /// Why there is no more data; nil as long as there may be.
    private(set) var exhaustion: String?

    var layout: DataLayout { checker.layout }

    /// - Parameter layout: what the examples hold; nil to take the first and see.
    /// - Throws: `DataError` where the first example is unusable or there is none; what the generator or `rules`
    ///   throws.
    init(
        _ source: GeneratorSource, layout declared: DataLayout?, batchSize: Int, stepsPerEpoch: Int?,
        dropsLast: Bool, rules: (DataLayout) throws -> FieldRules
    ) throws {
        self.source = source
        self.batchSize = batchSize
        self.stepsPerEpoch = stepsPerEpoch
        self.dropsLast = dropsLast && source.yields == .examples
        let begin = try source.open()
        pass = { Self.onceEnded(try begin($0)) }
        var first: (ExampleIterator, GeneratedExamples)?
        if declared == nil {
            let iterator = try pass(1)
            guard let examples = try iterator() else {
                throw DataError(.generator, "the generator gives no examples", file: "generator")
            }
            first = (iterator, examples)
        }
        let layout = try declared ?? GeneratedBatchChecker.layout(of: first?.1, yields: source.yields)
        checker = try GeneratedBatchChecker(layout: layout, yields: source.yields, rules: rules(layout))
        buffer = BatchBuffer(slots: checker.layout.slots, examples: 1)
        if let first { (iterator, pending, isFresh) = (first.0, [first.1], true) }
    }

    func start(at target: BatchPlan.Position) throws -> Bool {
        try source.checkThread()
        guard exhaustion == nil else { return false }
        // With fixed steps the iterator goes on across epochs, forward only; otherwise each epoch has a new one.
        var toSkip = stepsBefore(target)
        let number = stepsPerEpoch == nil ? target.epoch : 1
        if isFresh {
            // What was looked at belongs to the first pass. A generator that can begin but once goes on with it.
            if number > 1, case let own = try pass(number), let first = try own() {
                (iterator, pending) = (own, [first])
            }
        } else {
            if stepsPerEpoch != nil, iterator != nil, toSkip >= stepsBefore(position) {
                toSkip -= stepsBefore(position)
            } else {
                (iterator, pending) = (try pass(number), [])
            }
        }
        isFresh = false
        position = target
        try skip(toSkip)
        if pending.isEmpty, let examples = try iterator?() { pending = [examples] }
        guard !pending.isEmpty else {
            // A run that is resumed after the last batch of an epoch has that epoch's end before it.
            guard target.batch == 1 else { return true }
            guard hasGivenData || target.epoch > 1 else {
                throw DataError(.generator, "the generator gives no examples", file: "generator")
            }
            exhaustion =
                stepsPerEpoch == nil
                ? "the generator gave nothing in epoch \(target.epoch), so training ends here; "
                    + "it must start anew each time it is asked for an iterator"
                : "the generator ran out of data after epoch \(target.epoch - 1), so training ends here"
            return false
        }
        return true
    }

    func next() throws -> (buffer: BatchBuffer, count: Int)? {
        try source.checkThread()
        var count = 0
        switch source.yields {
        case .batches:
            if let examples = try take() { count = try checker.append(examples, to: buffer, after: 0, at: position) }
        case .examples:
            while count < batchSize, let examples = try take() {
                count += try checker.append(examples, to: buffer, after: count, at: position)
            }
        }
        guard count > 0, !dropsLast || count == batchSize else {
            if let stepsPerEpoch {
                exhaustion =
                    "the generator ran out of data in epoch \(position.epoch), after \(position.batch - 1) of "
                    + "\(stepsPerEpoch) batches, so training ends with this epoch"
            }
            return nil
        }
        hasGivenData = true
        position.batch += 1
        return (buffer, count)
    }

    func hasNext() -> Bool {
        let needed = dropsLast ? batchSize : 1
        while pending.count < needed, failure == nil {
            do {
                guard let examples = try iterator?() else { return false }
                pending.append(examples)
            } catch {
                failure = error
            }
        }
        return true
    }

    func release() {}

    func stop() {
        iterator = nil
        pending = []
    }

    /// An iterator that stays at its end: one that is a coroutine must not be asked again.
    private static func onceEnded(_ iterator: @escaping ExampleIterator) -> ExampleIterator {
        var hasEnded = false
        return {
            if !hasEnded, let examples = try iterator() { return examples }
            hasEnded = true
            return nil
        }
    }

    /// How many batches of the present iterator come before `position`.
    private func stepsBefore(_ position: BatchPlan.Position) -> Int {
        (stepsPerEpoch.map { ($0 * (position.epoch - 1)) } ?? 0) + position.batch - 1
    }

    private func take() throws -> GeneratedExamples? {
        if !pending.isEmpty { return pending.removeFirst() }
        if let failure {
            self.failure = nil
            throw failure
        }
        return try iterator?()
    }

    /// Passes over batches that a resumed run has seen already.
    private func skip(_ batches: Int) throws {
        for _ in 0..<batches {
            for _ in 0..<(source.yields == .batches ? 1 : batchSize) where try take() == nil { return }
        }
    }
}
