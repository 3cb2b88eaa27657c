/// What a callback is told about an event.
public struct EventContext {
    public let event: Event
    /// Shared by all callbacks of this event.
    public let logs: Logs
    public let run: Run
    /// The text of the error; empty except at `Event.exception`.
    public let message: String
    /// Whether someone reads the logs after this callback. What the last listener of a batch event writes to them is
    /// seen by nobody, so it need not be looked for.
    public internal(set) var logsAreReadLater = true

    /// The number that filters count: the epoch for events of epochs, the batches since the run began for events of
    /// training batches, the batch for events of test and prediction batches, otherwise how often the event happened.
    public var count: Int {
        switch event {
        case .epochBegin, .epochEnd, .checkpoint: run.epoch
        case .trainBatchBegin, .backwardEnd, .trainBatchEnd: run.batchesSeen
        case .testBatchBegin, .testBatchEnd, .predictBatchBegin, .predictBatchEnd: run.testBatch
        case .testBegin, .testEnd: run.evaluationCount
        case .trainBegin, .trainEnd, .exception, .predictBegin, .predictEnd: 1
        }
    }
}
