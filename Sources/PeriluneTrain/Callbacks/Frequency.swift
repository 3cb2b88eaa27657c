/// How often a callback acts: `every = { steps = 5 }`.
public enum Frequency: Hashable, Sendable {
    /// At the end of each n-th epoch, n of 1 or more.
    case epochs(Int)
    /// After each n-th update of the weights, n of 1 or more.
    case steps(Int)
    /// At the first batch end after so many seconds, above 0.
    case seconds(Double)

    /// - Throws: `TrainingError` in the name of `callback` where the number is out of range.
    package func check(for callback: String) throws(TrainingError) {
        switch self {
        case .epochs(let count), .steps(let count): try OptionCheck(callback).positive("every", count)
        case .seconds(let seconds): try OptionCheck(callback).positive("every.seconds", seconds)
        }
    }

    /// Whether ends of batches matter, and not only those of epochs.
    package var isWithinEpochs: Bool {
        switch self {
        case .epochs: false
        case .steps, .seconds: true
        }
    }

    /// Whether to act at the end of an epoch, for those that act there.
    func isDue(atEndOf epoch: Int) -> Bool { if case .epochs(let count) = self { epoch % count == 0 } else { false } }

    /// Whether to act at the end of a batch, for those that act within epochs.
    package func isDue(after run: Run, since last: ContinuousClock.Instant) -> Bool {
        isDue(step: run.step, isComplete: run.isStepComplete, since: last)
    }

    /// Whether to act after an update, for those that act within epochs.
    /// - Parameters:
    ///   - isComplete: whether the weights have been updated.
    ///   - last: when the callback acted last.
    func isDue(step: Int, isComplete: Bool, since last: ContinuousClock.Instant) -> Bool {
        switch self {
        case .epochs: false
        case .steps(let count): isComplete && step % count == 0
        case .seconds(let seconds): (ContinuousClock.now - last).inSeconds >= seconds
        }
    }
}
