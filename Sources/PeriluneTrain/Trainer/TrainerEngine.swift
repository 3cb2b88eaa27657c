import PeriluneData
import PeriluneGraph
import PeriluneNN
import PeriluneRuntime

/// A trainer, as the loop drives it.
final class TrainerEngine: TrainingEngine {
    private let driven: Trainer
    let metrics: [MonitoredQuantity]
    /// What a checkpoint says of the training data; nil where there are none.
    private let dataSignature: String?

    /// - Parameters:
    ///   - metrics: what is measured; empty for predictions.
    init(_ trainer: Trainer, metrics: [MonitoredQuantity], dataSignature: String? = nil) {
        driven = trainer
        self.metrics = metrics
        self.dataSignature = dataSignature
    }

    var trainer: Trainer? { driven }
    var lossText: String { driven.lossText }
    var lossesWithoutIdentity: [String] { driven.lossesWithoutIdentity }
    var optimizer: Optimizer { driven.optimizer }
    var layerNames: [String] { driven.allLayers.map(\.name) }
    var step: Int { driven.step }
    var lastLearningRate: Double? { driven.lastLearningRate }

    func setFrozen(_ isFrozen: Bool, layersMatching pattern: String) {
        driven.setFrozen(isFrozen, layersMatching: pattern)
    }

    func setRateFactors(_ factors: [String: Float]) { driven.rateFactors = factors }
    var frozenLayers: [String] { driven.allLayers.filter { !$0.isTrainable }.map(\.name) }
    func visitWeights(_ body: (_ index: Int, _ elements: UnsafeBufferPointer<Float>) -> Void) {
        driven.visitWeights(body)
    }

    func readWeights() -> [Tensor] { driven.model.variables.entries.map { driven.state.store.read($0.id) } }
    func writeWeights(_ weights: [Tensor]) throws { try driven.state.writeWeights(weights) }
    func abandonStep() { driven.clearGradients() }
    func endWithAverage() { driven.endWithAverage() }
}

// Checkpoints.
extension TrainerEngine {
    func captureState(in memory: CopyMemory?) throws -> StateValue {
        guard case .record(var fields) = try driven.captureState(in: memory) else { return .null }
        fields["data"] = dataSignature.map { .text($0) }
        return .record(fields)
    }

    func check(_ saved: StateValue, path: String) throws {
        try driven.check(saved, path: path)
        guard let dataSignature, saved["data"]?.text != dataSignature else { return }
        throw CheckpointError(
            .mismatch, "is of a run on other data: \(saved["data"]?.text ?? "?"); this one has \(dataSignature)",
            path: path)
    }

    func restoreState(_ saved: StateValue, path: String) throws { try driven.restoreState(saved, path: path) }
    func restoreMemory(_ saved: StateValue, weightsOnly: Bool, path: String) throws {
        try driven.restoreMemory(saved, weightsOnly: weightsOnly, path: path)
    }
}
