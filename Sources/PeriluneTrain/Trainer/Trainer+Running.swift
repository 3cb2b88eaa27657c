public import PeriluneData
public import PeriluneGraph
import PeriluneNN
import PeriluneProcess
import PeriluneRuntime

extension Trainer {
    /// Trains on `data`.
    ///
    /// - Parameters:
    ///   - validation: evaluated as the options say.
    ///   - callbacks: asked in this order; history and progress bar come after them.
    /// Cancelling the task that runs this ends it in order at the next boundary, as interrupted.
    ///
    /// - Returns: the history, also where a callback or an interrupt ended the run; it says which.
    /// - Throws: `TrainingError`, `DataError` or `ModelError`; before the first event where options, data, model or
    ///   callbacks cannot work. The trainer can be used again afterwards.
    @discardableResult
    public func fit(
        _ data: Dataset, _ options: FitOptions, validation: Dataset? = nil, callbacks: [any Callback] = []
    ) throws -> History {
        try options.check()
        return try exclusively("fit") {
            let backup = callbacks.lazy.flatMap(\.roles).compactMap(\.backupFolder).first
            let checkpoint = try (options.resume ?? backup).flatMap { try Checkpoint.newest(at: $0, say: message) }
            let before = (seed, fitCount, trainedLayout)
            // The order of rows and the dropout of the whole run depend on them.
            if options.initialEpoch == 0 || options.initialEpoch != lastEpoch { fitCount += 1 }
            if let saved = checkpoint?.state["engine"] {
                takeStreams(of: saved)
                takeVocabularies(of: saved)
            }
            // A run that never begins leaves everything as it was.
            var hasBegun = false
            defer { if !hasBegun { (seed, fitCount, trainedLayout) = before } }
            let sessions = try FitSessions(self, data: data, validation: validation, options: options)
            let engine = TrainerEngine(self, metrics: measured, dataSignature: sessions.dataSignature)
            if let layout = data.layout, layout.hasVocabularies { trainedLayout = trainedLayout ?? layout }
            let bar =
                callbacks.flatMap(\.roles).contains(where: \.showsProgress) ? nil : ProgressBar.make(options.verbose)
            let loop = TrainingLoop(
                engine: engine, options: options, callbacks: callbacks + (bar.map { [$0] } ?? []),
                interrupts: interrupts, hasValidation: validation != nil, message: message)
            defer { hasBegun = loop.run.endReason != nil }
            options.attendant?.fitBegins(interrupts)
            defer { options.attendant?.fitEnds() }
            func run() throws -> History { try loop.fit(from: sessions, resuming: checkpoint) }
            let history = try options.handlesSignals ? InterruptSignals.interrupting(interrupts, run) : run()
            lastEpoch = history.epochs.last ?? options.initialEpoch
            return history
        }
    }

    /// Trains on `data` as the other `fit` does, and ends in order when the task is cancelled: at once where a script's
    /// callback loops, otherwise at the next boundary. It keeps the caller's thread until the fit has ended, so it is
    /// for a task or an actor that may be busy.
    ///
    /// A `fit` without `await` ends with the task too, at a boundary.
    @discardableResult
    public nonisolated(nonsending) func fitCancellably(
        _ data: Dataset, _ options: FitOptions, validation: Dataset? = nil, callbacks: [any Callback] = []
    ) async throws -> History {
        let interrupts = interrupts
        return try await withTaskCancellationHandler {
            try fit(data, options, validation: validation, callbacks: callbacks)
        } onCancel: {
            interrupts.request(.stop)
        }
    }

    /// Trains on `data`, with the options that most runs need.
    @discardableResult
    public func fit(
        _ data: Dataset, epochs: Int, batchSize: Int? = nil, validation: Dataset? = nil,
        callbacks: [any Callback] = [], verbose: FitOptions.Verbosity = .auto
    ) throws -> History {
        var options = FitOptions()
        options.epochs = epochs
        options.batchSize = batchSize
        options.verbose = verbose
        return try fit(data, options, validation: validation, callbacks: callbacks)
    }

    /// The loss and metrics of `data`. May be called from a callback of a fit.
    /// - Parameter steps: how many batches are taken at most; a generator that never ends needs it.
    /// - Throws: as `fit`, and `TrainingError.interrupted`.
    public func evaluate(
        _ data: Dataset, batchSize: Int? = nil, steps: Int? = nil, callbacks: [any Callback] = [],
        verbose: FitOptions.Verbosity = .silent, threads: Int? = nil
    ) throws -> Logs {
        let options = try passOptions("evaluate", batchSize, steps, verbose, threads)
        let batcher = try makeBatcher(data, batching(options, batchSize: batchSize))
        let session = try DataSession(self, batcher, rowCount: data.count, mode: .evaluate, threads: threads)
        return try loop(TrainerEngine(self, metrics: measured), options, callbacks).evaluate(session)
    }

    /// The outputs of the model for all rows of `data`, [rows, …] each. Targets are not looked at.
    /// - Parameter steps: how many batches are taken at most; a generator that never ends needs it.
    /// - Throws: as `evaluate`; where there is no memory for the outputs of a generator that goes on and on.
    public func predict(
        _ data: Dataset, batchSize: Int? = nil, steps: Int? = nil, callbacks: [any Callback] = [],
        verbose: FitOptions.Verbosity = .silent, threads: Int? = nil
    ) throws -> [Tensor] {
        let options = try passOptions("predict", batchSize, steps, verbose, threads)
        let batcher = try makeBatcher(data, batching(options, batchSize: batchSize), needsTargets: false)
        let session = try DataSession(self, batcher, rowCount: data.count, mode: .predict, threads: threads)
        let specs = model.outputSpecs ?? []
        var elements = [[Float]](repeating: [], count: specs.count)
        for (index, spec) in specs.enumerated() {
            elements[index].reserveCapacity((data.count ?? 0) * spec.shape.elementCount)
        }
        var (rows, room) = (0, data.count ?? 0)
        try loop(TrainerEngine(self, metrics: []), options, callbacks).predict(session) { count in
            rows += count
            if rows > room {
                room = 2 * rows
                try requireRoom(forOutputs: room)
            }
            for index in specs.indices {
                session.current?.context.withOutput(index) { elements[index].append(contentsOf: $0) }
            }
        }
        return zip(specs, elements).map { Tensor($1, shape: $0.shape.prepending(rows)) }
    }

    /// The output of a model with one input and one output for rows of `x`.
    public func predict(_ x: Tensor, batchSize: Int? = nil) throws -> Tensor {
        let outputs = try predict(Dataset.tensors(x), batchSize: batchSize)
        guard let first = outputs.first else { throw TrainingError(.invalidData, "the model has no output") }
        return first
    }

    /// One step on one batch, without events.
    /// - Returns: the loss and metrics of the batch before the step.
    public func trainOnBatch(_ x: Tensor, _ y: Tensor, sampleWeights: Tensor? = nil) throws -> Logs {
        try trainOnBatch(.tensors(x, y, sampleWeights: sampleWeights))
    }

    /// One step on all of `batch` at once, which may have several inputs and targets, without events.
    /// - Returns: the loss and metrics of the batch before the step.
    public func trainOnBatch(_ batch: Dataset) throws -> Logs { try onBatch(batch, .train) }

    /// The loss and metrics of one batch, without events.
    public func testOnBatch(_ x: Tensor, _ y: Tensor, sampleWeights: Tensor? = nil) throws -> Logs {
        try testOnBatch(.tensors(x, y, sampleWeights: sampleWeights))
    }

    /// The loss and metrics of all of `batch` at once, without events.
    public func testOnBatch(_ batch: Dataset) throws -> Logs { try onBatch(batch, .evaluate) }

    private func onBatch(_ data: Dataset, _ mode: StepMode) throws -> Logs {
        let batcher = try makeBatcher(data, Batcher.Options(batchSize: data.count, seed: seed))
        let session = try DataSession(self, batcher, rowCount: data.count, mode: mode, threads: nil)
        let logs = Logs()
        guard try session.startEpoch(1), try session.next() != nil else { return logs }
        try session.run()
        for (index, quantity) in measured.enumerated() { logs[quantity.name] = session.batchValue(index) }
        return logs
    }

    /// The weights in Keras's order.
    /// - Throws: `TrainingError` where the model is not built.
    public func getWeights() throws -> [Tensor] { try state.readWeights() }

    /// Replaces the weights; none where one does not fit.
    /// - Throws: `TrainingError` naming the weight that does not fit.
    public func setWeights(_ weights: [Tensor]) throws { try state.writeWeights(weights) }
}

// How runs are set up.
extension Trainer {
    /// What passes over data with targets measure; known when the model is prepared for them.
    private var measured: [MonitoredQuantity] {
        StatisticsLayout(resolvedMetrics, outputs: model.outputNames).quantities
    }

    /// Finds out whether there is memory for the outputs of so many rows.
    private func requireRoom(forOutputs rows: Int) throws {
        let bytes = (model.outputSpecs ?? []).reduce(0) { sum, spec in
            let (result, overflows) = sum.addingReportingOverflow(
                TensorSpec(spec.shape.prepending(rows), spec.dtype).byteCount)
            return overflows ? .max : result
        }
        do {
            try state.store.requireRoom(for: bytes)
        } catch {
            throw TrainingError(
                .invalidData,
                "predict: a generator has given \(rows / 2) rows and has not ended, and there is no memory for the "
                    + "outputs of as many more (\(error.message)); 'steps' says how many batches to take",
                underlying: error)
        }
    }

    private func passOptions(
        _ name: String, _ batchSize: Int?, _ steps: Int?, _ verbose: FitOptions.Verbosity, _ threads: Int?
    ) throws -> FitOptions {
        if let steps, steps < 1 {
            throw TrainingError(.invalidOption, "\(name): 'steps' must be a whole number of 1 or more, got \(steps)")
        }
        var options = FitOptions()
        (options.batchSize, options.verbose, options.threads, options.shuffle) = (batchSize, verbose, threads, false)
        options.validationSteps = steps
        try options.check()
        return options
    }

    private func loop(
        _ engine: any TrainingEngine, _ options: FitOptions, _ callbacks: [any Callback]
    ) -> TrainingLoop {
        let bar = ProgressBar.make(options.verbose)
        return TrainingLoop(
            engine: engine, options: options, callbacks: callbacks + (bar.map { [$0] } ?? []), interrupts: interrupts,
            hasValidation: false, isTraining: false, isWithinFit: isRunning, message: message)
    }

    /// Runs `body` unless a fit goes on: two would step on each other's optimizer.
    private func exclusively<Result>(_ name: String, _ body: () throws -> Result) throws -> Result {
        guard !isRunning else {
            throw TrainingError(.invalidOption, "\(name): this model is being trained already")
        }
        isRunning = true
        defer { isRunning = false }
        return try body()
    }
}

extension Run {
    /// The trainer that runs; nil where something else drives the loop.
    public var trainer: Trainer? { engine.trainer }

    /// The loss and metrics of `data` with the weights as they are now, without events. The run goes on as before.
    /// - Parameter steps: how many batches are taken at most; a generator that never ends needs it.
    public func evaluate(_ data: Dataset, batchSize: Int? = nil, steps: Int? = nil) throws -> Logs {
        guard let trainer else { throw TrainingError(.invalidOption, "this run has no model to evaluate") }
        return try trainer.evaluate(data, batchSize: batchSize, steps: steps)
    }
}
