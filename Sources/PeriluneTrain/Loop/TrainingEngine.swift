package import PeriluneGraph

/// What the loop drives: something that can train on batches, evaluate and keep weights. `Trainer` is the real one.
///
/// The loop knows nothing of tensors: an engine fetches batches, runs steps, and answers for the numbers they gave.
package protocol TrainingEngine: AnyObject {
    /// Loss first, then the metrics, with the directions they declare.
    var metrics: [MonitoredQuantity] { get }
    /// The loss and its options, in words.
    var lossText: String { get }
    var optimizer: Optimizer { get }
    var layerNames: [String] { get }
    /// Optimizer updates since the engine was made.
    var step: Int { get }

    /// The learning rate of the last update; nil before the first.
    var lastLearningRate: Double? { get }

    /// A session that trains; nil leaves the batch size to the data. `splitsSteps` says that someone wants to see
    /// gradients between backward and update, or that several batches make one update.
    func makeTrainingSession(batchSize: Int?, splitsSteps: Bool) throws -> any TrainingSession

    /// A session over the validation data of this fit, or nil where there are none.
    func makeValidationSession() throws -> (any BatchSession)?

    /// Sets whether layers train, by name; from the next step on.
    func setFrozen(_ isFrozen: Bool, layersMatching pattern: String)
    /// Sets what the learning rates of layers are multiplied with, by name; 1 for those that are not there.
    func setRateFactors(_ factors: [String: Float])
    /// Layers that do not train, by name.
    var frozenLayers: [String] { get }
    /// Shows each float32 weight where it is, by its place among `readWeights`.
    func visitWeights(_ body: (_ index: Int, _ elements: UnsafeBufferPointer<Float>) -> Void)

    func readWeights() -> [Tensor]
    func writeWeights(_ weights: [Tensor]) throws
    /// Forgets gradients that were accumulated and not used, after a failure.
    func abandonStep()

    /// Everything that the next step depends on, and what model and data these are. Copies it, to `memory` where given.
    func captureState(in memory: CopyMemory?) throws -> StateValue
    /// Whether a run can go on from this state.
    /// - Throws: `CheckpointError.mismatch` that names the first difference.
    func check(_ saved: StateValue, path: String) throws
    /// Goes back to a state that `check` accepts; hyper-parameters stay as they are.
    func restoreState(_ saved: StateValue, path: String) throws
    /// Goes back to the weights of such a state and, unless told otherwise, to the optimizer's memory. Counters and
    /// frozen layers stay.
    func restoreMemory(_ saved: StateValue, weightsOnly: Bool, path: String) throws
}

extension TrainingEngine {
    func captureState() throws -> StateValue { try captureState(in: nil) }
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
