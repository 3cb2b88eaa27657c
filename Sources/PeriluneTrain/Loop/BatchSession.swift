/// What makes the sessions of one fit.
package protocol SessionSource: AnyObject {
    /// A session that trains; nil leaves the batch size to the data. `splitsSteps` says that a callback wants to see
    /// gradients between backward and update, or that several batches make one update.
    func makeTrainingSession(batchSize: Int?, splitsSteps: Bool) throws -> any TrainingSession

    /// A session over the validation data of this fit, or nil where there are none.
    func makeValidationSession() throws -> (any BatchSession)?

    /// A session over the training data that takes the statistics anew which layers keep, as batch normalization does;
    /// nil where the model has none.
    func makeStatisticsSession(batchSize: Int) throws -> (any BatchSession)?
}

extension SessionSource {
    package func makeStatisticsSession(batchSize: Int) throws -> (any BatchSession)? { nil }
}

/// A pass over data in batches, with the metrics of what it has seen.
package protocol BatchSession: AnyObject {
    /// Rows of a full batch.
    var batchSize: Int { get }
    /// Rows in all, where known.
    var rowCount: Int? { get }
    /// Batches an epoch, where known.
    var batchCount: Int? { get }
    /// Why the data have nothing more to give, in words for the user; nil while they have.
    var exhaustion: String? { get }
    /// Starts the data again; `epoch` (from 1) keys the shuffling.
    /// - Returns: whether there is anything. Data that can be read only once are never silently replayed.
    func startEpoch(_ epoch: Int) throws -> Bool
    /// Goes to a batch of an epoch, both from 1; one past the last has nothing more to give.
    func startEpoch(_ epoch: Int, atBatch batch: Int) throws -> Bool
    /// The metrics so far, and how many batches wait for an update: for `restore`.
    var state: StateValue { get }
    /// Takes up metrics where a checkpoint left them.
    func restore(_ state: StateValue)
    /// Starts the metrics again and leaves the data where they are.
    func resetMetrics()
    /// Takes the last batch out of what the metrics have seen.
    func forgetLast()
    /// Fetches the next batch.
    /// - Returns: its rows, or nil at the end of the data.
    func next() throws -> Int?
    /// Runs the model on the fetched batch. A training session that does not split steps updates the weights too.
    func run() throws
    /// The value of the `index`-th metric for the last batch.
    func batchValue(_ index: Int) -> Double
    /// The value of the `index`-th metric for everything since `resetMetrics`.
    func runningValue(_ index: Int) -> Double
    /// Writes what `batchValue` says of the first `count` metrics, then what `runningValue` says of them.
    func writeValues(_ count: Int, to values: inout [Double])
}

/// A pass that trains.
package protocol TrainingSession: BatchSession {
    /// Whether the epoch has a batch after the one that was fetched. May read ahead; what goes wrong then is thrown by
    /// `next`.
    func hasNext() -> Bool
    /// Takes gradients and update apart from the next batch on, or together. Between epochs only.
    func split(_ splits: Bool) throws
    /// Updates the weights from the gradients that `run` left since the last update: their mean over the examples.
    func update() throws
    /// Drops those gradients.
    func discard()
}

extension BatchSession {
    package func writeValues(_ count: Int, to values: inout [Double]) {
        for index in 0..<count {
            values[index] = batchValue(index)
            values[count + index] = runningValue(index)
        }
    }
}
