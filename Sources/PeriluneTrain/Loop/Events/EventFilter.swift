/// Lets some of an event's occurrences through. All conditions that are set must hold.
///
/// The numbers mean what they mean in Ignite (`Events.EPOCH_COMPLETED(every:once:after:before:)`): `after` and `before`
/// are exclusive, and `every` is counted from `after`.
public struct EventFilter {
    /// Each n-th occurrence, counted from `after`.
    public let every: Int?
    /// Only these occurrences.
    public let once: [Int]
    /// Only occurrences later than this one.
    public let after: Int?
    /// Only occurrences earlier than this one.
    public let before: Int?
    /// At most one occurrence in so many seconds; the first passes.
    public let seconds: Double?
    /// Asked last, only for occurrences that pass everything else.
    public let when: ((EventContext) throws -> Bool)?

    private var lastPassed: ContinuousClock.Instant?

    /// - Throws: `TrainingError` for a value out of range.
    public init(
        every: Int? = nil, once: [Int] = [], after: Int? = nil, before: Int? = nil, seconds: Double? = nil,
        when: ((EventContext) throws -> Bool)? = nil
    ) throws(TrainingError) {
        let check = OptionCheck("event filter")
        if let every { try check.require(every > 0, "every", "a whole number of 1 or more", every) }
        try check.require(once.allSatisfy { $0 > 0 }, "once", "a whole number of 1 or more, or a list of them", once)
        if let after { try check.require(after >= 0, "after", "a whole number of 0 or more", after) }
        if let before { try check.require(before > 0, "before", "a whole number of 1 or more", before) }
        if let seconds {
            try check.require(seconds.isFinite && seconds >= 0, "seconds", "a number of 0 or more", seconds)
        }
        if let after, let before, before <= after || before - after == 1 {
            throw TrainingError(
                .invalidOption, "event filter: nothing comes after \(after) and before \(before)")
        }
        self.every = every
        self.once = once
        self.after = after
        self.before = before
        self.seconds = seconds
        self.when = when
    }

    /// Whether this occurrence passes. With `seconds`, the time of one that passes is kept for the next.
    /// - Throws: what `when` throws.
    public mutating func passes(_ context: EventContext) throws -> Bool {
        let count = context.count
        if !once.isEmpty, !once.contains(count) { return false }
        if let after, count <= after { return false }
        if let before, count >= before { return false }
        if let every, (count - (after ?? 0)) % every != 0 { return false }
        if let seconds, let lastPassed, (ContinuousClock.now - lastPassed).inSeconds < seconds { return false }
        if let when, try !when(context) { return false }
        if seconds != nil { lastPassed = .now }
        return true
    }

    /// Forgets when an occurrence last passed, so that the first of another run passes.
    public mutating func reset() { lastPassed = nil }
}
