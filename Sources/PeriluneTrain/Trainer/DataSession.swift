import PeriluneData
import PeriluneGraph
import PeriluneNN
import PeriluneRuntime

/// A pass of a trainer over data. Allocates nothing per batch once the programs are compiled.
final class DataSession: TrainingSession {
    let trainer: Trainer
    let batcher: Batcher
    let rowCount: Int?
    private(set) var mode: StepMode
    let threads: Int?
    private(set) var batch: Batch?
    private(set) var current: CompiledStep?
    /// The programs of this pass by batch size, and the version they were compiled for.
    private var steps: [(batch: Int, step: CompiledStep)] = []
    private var version = -1
    private var pointers: [UnsafeRawPointer] = []
    private var scalars: [Float] = []
    private var statistics: RunningStatistics
    /// Rows whose mean gradients are in the gradient variables.
    private var accumulatedRows = 0

    /// - Throws: where the data do not fit the model; the programs for the sizes that are known are compiled here.
    init(_ trainer: Trainer, _ batcher: Batcher, rowCount: Int?, mode: StepMode, threads: Int?) throws {
        self.trainer = trainer
        self.batcher = batcher
        self.rowCount = rowCount
        self.mode = mode
        self.threads = threads
        try trainer.prepare(for: batcher.layout, needsTargets: mode.needsTargets)
        statistics = RunningStatistics(
            StatisticsLayout(mode.needsTargets ? trainer.resolvedMetrics : [], outputs: trainer.model.outputNames),
            budget: trainer.state.store.budget)
        try compile()
    }

    /// Makes the programs for the sizes that are known.
    private func compile() throws {
        for size in batcher.possibleBatchSizes ?? [] { _ = try step(for: size) }
        if mode == .backward { _ = try trainer.updateStep(threads: threads) }
    }

    func split(_ splits: Bool) throws {
        mode = splits ? .backward : .train
        steps.removeAll(keepingCapacity: true)
        try compile()
    }

    var batchSize: Int { batcher.batchSize }
    var batchCount: Int? { batcher.batchesPerEpoch }
    var exhaustion: String? { batcher.exhaustion }
    func startEpoch(_ epoch: Int) throws -> Bool { try batcher.startEpoch(epoch) }
    func startEpoch(_ epoch: Int, atBatch batch: Int) throws -> Bool {
        try batcher.startEpoch(epoch, atBatch: batch)
    }

    func resetMetrics() { statistics.reset() }
    func forgetLast() { statistics.forgetLast() }

    var state: StateValue { .record(statistics.state.merging(["accumulated_rows": .integer(accumulatedRows)]) { $1 }) }

    func restore(_ state: StateValue) {
        statistics.restore(state)
        accumulatedRows = state["accumulated_rows"]?.count ?? 0
    }

    func next() throws -> Int? {
        batch = try batcher.next()
        return batch?.count
    }

    func hasNext() -> Bool { batcher.hasNext() }

    private func step(for size: Int) throws -> CompiledStep {
        if version != trainer.programVersion {
            steps.removeAll(keepingCapacity: true)
            version = trainer.programVersion
        }
        // By index: an iterator allocates where nothing is optimized.
        for index in steps.indices where steps[index].batch == size { return steps[index].step }
        let step = try trainer.program(mode, batcher.layout, batch: size, threads: threads)
        steps.append((size, step))
        return step
    }

    func run() throws {
        guard let batch else { return }
        let step = try step(for: batch.count)
        current = step
        gather(batch)
        fillScalars(rows: batch.count)
        try step.context.run(
            inputs: pointers, hyperparameters: scalars, seed: trainer.seed,
            // A pass that leaves no trace has random numbers of its own all the same.
            counter: trainer.batchCounter &+ (mode == .statistics ? UInt64(accumulatedRows) : 0))
        switch mode {
        case .train:
            trainer.batchCounter += 1
            trainer.step += 1
        case .backward:
            trainer.batchCounter += 1
            accumulatedRows += batch.count
        case .evaluate: break
        case .statistics:
            accumulatedRows += batch.count
            return
        case .predict: return
        }
        step.context.withOutput(0) { statistics.add($0, rows: Double(batch.count), sizes: trainer.statisticsSizes) }
        for index in 0..<statistics.keptCount {
            try step.context.withOutput(1 + index) { try statistics.keep($0, index) }
        }
        // The optimizer answers for the learning rate of the next step.
        trainer.optimizer.step = trainer.step
    }

    private func gather(_ batch: Batch) {
        pointers.removeAll(keepingCapacity: true)
        for index in batcher.layout.inputs.indices { pointers.append(batch.input(index)) }
        guard mode.needsTargets else { return }
        for index in batcher.layout.targets.indices { pointers.append(batch.target(index)) }
        if let weights = batch.sampleWeights { pointers.append(weights) }
    }

    /// The run-time scalars of a step: first those of the optimizer, then `AccumulationScalar`s.
    private func fillScalars(rows: Int) {
        switch mode {
        case .train: fillUpdateScalars()
        case .backward, .statistics:
            prepareScalars()
            let share = Double(rows) / Double(accumulatedRows + rows)
            scalars[AccumulationScalar.kept.index(after: trainer.optimizer)] = Float(1 - share)
            scalars[AccumulationScalar.added.index(after: trainer.optimizer)] = Float(share)
        case .evaluate, .predict: break
        }
    }

    private func fillUpdateScalars() {
        prepareScalars()
        trainer.optimizer.step = trainer.step
        trainer.lastLearningRate = trainer.optimizer.learningRate
        trainer.optimizer.fillScalars(&scalars)
    }

    private func prepareScalars() {
        let count = trainer.optimizer.scalarCount + AccumulationScalar.count
        if scalars.count != count { scalars = [Float](repeating: 0, count: count) }
    }

    func update() throws {
        let step = try trainer.updateStep(threads: threads)
        fillUpdateScalars()
        try step.context.run(
            inputs: [UnsafeRawPointer](), hyperparameters: scalars, seed: trainer.seed, counter: trainer.batchCounter)
        accumulatedRows = 0
        trainer.step += 1
        trainer.optimizer.step = trainer.step
    }

    func discard() {
        accumulatedRows = 0
        trainer.clearGradients()
    }

    func batchValue(_ index: Int) -> Double { statistics.batchValue(index, sizes: trainer.statisticsSizes) }
    func runningValue(_ index: Int) -> Double { statistics.runningValue(index, sizes: trainer.statisticsSizes) }
    func writeValues(_ count: Int, to values: inout [Double]) {
        statistics.write(count, sizes: trainer.statisticsSizes, to: &values)
    }
}
