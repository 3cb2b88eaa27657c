package import PeriluneGraph

/// The model that a loop drives, with its optimizer: what it is measured by, and what of it is kept and changed. Its
/// batches come from sessions.
package protocol TrainingEngine: AnyObject {
    /// The trainer behind it; nil where another engine drives a loop.
    var trainer: Trainer? { get }
    /// Loss first, then the metrics, with the directions they declare.
    var metrics: [MonitoredQuantity] { get }
    /// The loss and its options, in words.
    var lossText: String { get }
    /// The names of losses that do not say what tells them from others of their name.
    var lossesWithoutIdentity: [String] { get }
    var optimizer: Optimizer { get }
    var layerNames: [String] { get }
    /// Optimizer updates since the engine was made.
    var step: Int { get }

    /// The learning rate of the last update; nil before the first.
    var lastLearningRate: Double? { get }

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
    /// Makes the weights that train their moving average, where the optimizer keeps one.
    func endWithAverage()

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
