/// A moment at which a run stands still and asks what to do.
public struct Interruption {
    /// Why it stands still.
    public enum Cause {
        /// It was asked to end (`Interrupts.Reasons.stop`): the answer should be to stop.
        case stop
        /// It was interrupted (`Interrupts.Reasons.prompt`).
        case prompt
        /// A client outside of the process has a question (`Interrupts.Reasons.attention`).
        case attention
        /// The batches or the epoch that the answer before asked for are done. `forAttention` tells that this answer
        /// was given to `attention`.
        case stepsDone(forAttention: Bool)
        /// A callback returned the directive to pause.
        case directive(callback: String)
        /// Code of a callback called `Run.pause`: the run is in the middle of that callback.
        case breakpoint
        /// The interruption arrived in a callback and ended it; the error says where.
        case callback(TrainingError)
    }

    /// Where in a run.
    public enum Moment: Hashable, Sendable {
        /// After this training batch, and the validation that was due after it.
        case batch
        /// After a batch of a validation.
        case testBatch
        /// After an epoch and its last event.
        case epoch
        /// During an event.
        case event(Event?)
    }

    public let run: Run
    public let cause: Cause
    public let moment: Moment
    /// The numbers of the batch or the epoch, as its event had them; a copy.
    public let logs: Logs
}

/// What to do about an interruption.
public enum InterruptDecision: Hashable, Sendable {
    /// Go on.
    case resume
    /// Go on and ask again after so many training batches, 1 or more.
    case step(batches: Int)
    /// Go on and ask again when the epoch in progress, or the next one, has ended.
    case nextEpoch
    /// End the run in order, as interrupted.
    case stop
    /// End the run now, as an error.
    case abort
}
