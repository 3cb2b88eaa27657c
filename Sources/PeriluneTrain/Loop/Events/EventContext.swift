/// What a callback is told about an event.
public struct EventContext {
    public let event: Event
    /// Shared by all callbacks of this event.
    public let logs: Logs
    public let run: Run
    /// The text of the error; empty except at `Event.exception`.
    public let message: String
    /// Whether the logs are read after this callback. What the last listener of a batch event writes to them is
    /// never seen, so it need not be looked for.
    public internal(set) var logsAreReadLater = true

    /// The first argument of a function for the event, where that is a number: the epoch, or the batch within its epoch
    /// or pass.
    public var index: Int? {
        switch event.traits.argument {
        case .epoch: run.epoch
        case .batch: event.isTraining ? run.batch : run.testBatch
        case .none, .message: nil
        }
    }

    /// The number that filters count: the epoch for events of epochs, the batches since the run began for events of
    /// training batches, the batch for events of test and prediction batches, otherwise how often the event happened.
    public var count: Int {
        switch event.traits.argument {
        case .epoch: run.epoch
        case .batch: event.isTraining ? run.batchesSeen : run.testBatch
        case .none, .message: event.traits.phase == .evaluation ? run.evaluationCount : 1
        }
    }
}
