import PeriluneData
import PeriluneGraph
import PeriluneNN

/// The sessions of one fit of a trainer.
final class FitSessions: SessionSource {
    private let trainer: Trainer
    private let data: Dataset
    private let validation: Dataset?
    private let options: FitOptions
    /// Made at the start, so that data which can be read only once are opened once.
    private var firstBatcher: Batcher?

    /// - Throws: where the data do not fit the model; nothing has been trained then.
    init(_ trainer: Trainer, data: Dataset, validation: Dataset?, options: FitOptions) throws {
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
    }

    /// What a checkpoint says of the training data.
    var dataSignature: String { data.signature }

    func makeTrainingSession(batchSize: Int?, splitsSteps: Bool) throws -> any TrainingSession {
        let batcher = try firstBatcher ?? trainer.makeBatcher(data, trainer.batching(options, batchSize: batchSize))
        firstBatcher = nil
        let session = try DataSession(
            trainer, batcher, rowCount: data.count, mode: splitsSteps ? .backward : .train, threads: options.threads)
        trainer.trainingSession = session
        return session
    }

    func makeStatisticsSession(batchSize: Int) throws -> (any BatchSession)? {
        guard trainer.model.variables.entries.contains(where: { $0.role == .state }) else { return nil }
        let batcher = try trainer.makeBatcher(data, trainer.batching(options, batchSize: batchSize))
        return try DataSession(
            trainer, batcher, rowCount: data.count, mode: .statistics, threads: options.threads)
    }

    func makeValidationSession() throws -> (any BatchSession)? {
        guard let validation else { return nil }
        let size = options.validationBatchSize ?? options.batchSize
        let batcher = try trainer.makeBatcher(validation, Batcher.Options(batchSize: size, seed: trainer.seed))
        return try DataSession(
            trainer, batcher, rowCount: validation.count, mode: .evaluate, threads: options.threads)
    }
}

extension Trainer {
    func batching(_ options: FitOptions, batchSize: Int?) -> Batcher.Options {
        Batcher.Options(
            batchSize: batchSize, shuffle: options.shuffle, seed: fitSeed, stepsPerEpoch: options.stepsPerEpoch,
            dropsLast: options.dropsLast)
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
