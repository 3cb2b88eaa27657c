import PeriluneData
import PeriluneGraph
import PeriluneNN
import PeriluneRuntime

/// A trainer with the data of one fit, evaluation or prediction, as the loop drives it.
final class TrainerEngine: TrainingEngine {
    let trainer: Trainer
    let metrics: [MonitoredQuantity]
    private let data: Dataset
    private let validation: Dataset?
    private let options: FitOptions
    /// Made at the start, so that data which can be read only once are opened once.
    private var firstBatcher: Batcher?
    /// The session that trains, for those who look at its batch.
    private(set) weak var trainingSession: DataSession?

    /// - Throws: where the data do not fit the model; nothing has been trained then.
    init(_ trainer: Trainer, data: Dataset, validation: Dataset? = nil, options: FitOptions) throws {
        if let validation, validation.count == nil, options.validationSteps == nil {
            throw TrainingError(
                .invalidOption,
                "fit: the validation data are a generator, which may never end; say with 'validation_steps' how many "
                    + "batches to take at most")
        }
        self.trainer = trainer
        self.data = try trainer.weighted(data, options.classWeight)
        self.validation = validation
        self.options = options
        let batcher = try trainer.makeBatcher(self.data, trainer.batching(options, batchSize: options.batchSize))
        firstBatcher = batcher
        try trainer.prepare(for: batcher.layout)
        metrics = StatisticsLayout(trainer.resolvedMetrics, outputs: trainer.model.outputNames).quantities
    }

    var lossText: String { trainer.lossText }
    var optimizer: Optimizer { trainer.optimizer }
    var layerNames: [String] { trainer.allLayers.map(\.name) }
    var step: Int { trainer.step }
    var lastLearningRate: Double? { trainer.lastLearningRate }

    func makeTrainingSession(batchSize: Int?, splitsSteps: Bool) throws -> any TrainingSession {
        let batcher = try firstBatcher ?? trainer.makeBatcher(data, trainer.batching(options, batchSize: batchSize))
        firstBatcher = nil
        let session = try DataSession(
            trainer, batcher, rowCount: data.count, mode: splitsSteps ? .backward : .train, threads: options.threads)
        trainingSession = session
        return session
    }

    func makeValidationSession() throws -> (any BatchSession)? {
        guard let validation else { return nil }
        let size = options.validationBatchSize ?? options.batchSize
        let batcher = try trainer.makeBatcher(validation, Batcher.Options(batchSize: size, seed: trainer.seed))
        return try DataSession(
            trainer, batcher, rowCount: validation.count, mode: .evaluate, threads: options.threads)
    }

    /// A session that evaluates the data.
    func makeEvaluationSession() throws -> any BatchSession {
        let batcher = try firstBatcher ?? trainer.makeBatcher(data, trainer.batching(options, batchSize: nil))
        firstBatcher = nil
        return try DataSession(trainer, batcher, rowCount: data.count, mode: .evaluate, threads: options.threads)
    }

    func setFrozen(_ isFrozen: Bool, layersMatching pattern: String) {
        trainer.setFrozen(isFrozen, layersMatching: pattern)
    }

    func setRateFactors(_ factors: [String: Float]) { trainer.rateFactors = factors }
    var frozenLayers: [String] { trainer.allLayers.filter { !$0.isTrainable }.map(\.name) }
    func visitWeights(_ body: (_ index: Int, _ elements: UnsafeBufferPointer<Float>) -> Void) {
        trainer.visitWeights(body)
    }

    func readWeights() -> [Tensor] { trainer.model.variables.entries.map { trainer.state.store.read($0.id) } }
    func writeWeights(_ weights: [Tensor]) throws { try trainer.state.writeWeights(weights) }
    func abandonStep() { trainer.clearGradients() }
}

extension TrainerEngine {
    func captureState(in memory: CopyMemory?) throws -> StateValue {
        guard case .record(var fields) = try trainer.captureState(in: memory) else { return .null }
        fields["data"] = .text(data.signature)
        return .record(fields)
    }

    func check(_ saved: StateValue, path: String) throws {
        try trainer.check(saved, path: path)
        guard saved["data"]?.text != data.signature else { return }
        throw CheckpointError(
            .mismatch, "is of a run on other data: \(saved["data"]?.text ?? "?"); this one has \(data.signature)",
            path: path)
    }

    func restoreState(_ saved: StateValue, path: String) throws { try trainer.restoreState(saved, path: path) }
    func restoreMemory(_ saved: StateValue, weightsOnly: Bool, path: String) throws {
        try trainer.restoreMemory(saved, weightsOnly: weightsOnly, path: path)
    }
}

extension Trainer {
    func batching(_ options: FitOptions, batchSize: Int?) -> Batcher.Options {
        Batcher.Options(
            batchSize: batchSize, shuffle: options.shuffle, seed: fitSeed, stepsPerEpoch: options.stepsPerEpoch)
    }

    /// A batcher that checks what the data hold against what the model, and its losses where targets are needed, can
    /// make of it.
    func makeBatcher(_ data: Dataset, _ options: Batcher.Options, needsTargets: Bool = true) throws -> Batcher {
        try Batcher(data, options: options) { layout in
            try prepare(for: layout, needsTargets: needsTargets)
            try trainedLayout.map { try layout.checkVocabularies(like: $0) }
            return FieldRules(inputs: try inputRules(), targets: needsTargets ? targetRules : [])
        }
    }
}
