import PeriluneData
public import PeriluneGraph
public import PeriluneNN
public import PeriluneProcess
import PeriluneRuntime

/// Trains a model: what Keras's `compile` sets up. Owns the optimizer's memory and the compiled programs.
///
/// ```swift
/// let trainer = try Trainer(model, optimizer: .adam(), loss: SparseCategoricalCrossentropy(), metrics: [Accuracy()])
/// let history = try trainer.fit(train, epochs: 20, validation: validation)
/// ```
/// A trainer and all it trains stay on one thread at a time.
public final class Trainer {
    public let model: Model
    public let state: ModelState
    public let optimizer: Optimizer
    /// One for each output of the model, or one for all.
    public let losses: [any Loss]
    /// For each output of the model.
    public let metrics: [[any Metric]]
    /// For each output of the model, those in which an example counts by its weight.
    public let weightedMetrics: [[any Metric]]
    /// What each output's loss counts in the total; 1 where none is given.
    public let lossWeights: [Float]
    /// What shuffling and dropout depend on, and the initial weights where the trainer made them.
    public internal(set) var seed: UInt64
    /// How many fits began so far, those that went on with the one before not counted: each shuffles by a stream of
    /// its own.
    var fitCount = 0
    /// The last epoch of the fit before: one that begins after it goes on with its stream.
    var lastEpoch = 0
    /// Set to interrupt a fit, evaluation or prediction at its next batch boundary.
    public let interrupts = Interrupts()
    /// Takes remarks for the user, one line each; standard error by default.
    public var message: (String) -> Void = StandardError.write
    /// Optimizer updates so far.
    public internal(set) var step = 0
    /// The learning rate of the last update; nil before the first.
    public internal(set) var lastLearningRate: Double?
    /// Training batches so far: what the random numbers of a batch are keyed by.
    var batchCounter: UInt64 = 0

    /// The metrics of each output, chosen for its loss and shapes.
    var resolvedMetrics: [[MeasuredMetric]] = []
    /// How many numbers each metric has in the statistics of a step.
    var statisticsSizes: [Int] = []
    /// Changes whenever compiled training programs are out of date.
    private(set) var generation = 0
    private var compiledFor = 0
    private var programs: [StepKey: CompiledStep] = [:]
    private var updateProgram: CompiledStep?
    private(set) var slots: [VariableID: [String: VariableID]] = [:]
    private(set) var gradients: [VariableID: VariableID] = [:]
    /// What learning rates of layers are multiplied with, by name; part of the graphs.
    var rateFactors: [String: Float] = [:] {
        didSet { if rateFactors != oldValue { generation += 1 } }
    }
    /// What the model's inputs have to be, once that was asked for.
    var knownInputRules: [FieldRule]?
    /// What the data of the first fit held: the words that class numbers stand for stay the same ever after.
    var trainedLayout: DataLayout?
    var isRunning = false
    /// The session that trains, for those who look at its batch.
    weak var trainingSession: DataSession?

    /// - Parameters:
    ///   - losses: one, or one for each output.
    ///   - metrics: for each output; one list counts for the first output. All examples count alike.
    ///   - weightedMetrics: likewise, but each example counts by its sample weight or the weight of its class.
    ///   - lossWeights: one for each output; empty for 1 each.
    ///   - seed: what the initial weights, shuffling and dropout depend on. Trainers with the same seed are equal; nil
    ///     for the next stream of the process (`RandomStreams.nextOfProcess`), so that two trainers differ.
    ///   - state: the weights of a model that was compiled before.
    /// - Throws: `TrainingError` or `ModelError` for options out of range.
    public init(
        _ model: Model, optimizer: Optimizer, losses: [any Loss], metrics: [[any Metric]] = [],
        weightedMetrics: [[any Metric]] = [], lossWeights: [Float] = [], seed: UInt64? = nil, state: ModelState? = nil
    ) throws {
        guard !losses.isEmpty else { throw TrainingError(.invalidOption, "compile: a loss is needed") }
        for loss in losses { try loss.validate() }
        guard lossWeights.allSatisfy(\.isFinite) else {
            throw TrainingError(.invalidOption, "compile: 'loss_weights' must be finite numbers, got \(lossWeights)")
        }
        let seed = seed ?? RandomStreams.nextOfProcess()
        self.model = model
        self.state = state ?? ModelState(model, seed: seed)
        self.optimizer = optimizer
        self.losses = losses
        self.metrics = metrics
        self.weightedMetrics = weightedMetrics
        self.lossWeights = lossWeights
        self.seed = seed
    }

    /// A trainer for a model with one output.
    public convenience init(
        _ model: Model, optimizer: Optimizer, loss: any Loss, metrics: [any Metric] = [],
        weightedMetrics: [any Metric] = [], seed: UInt64? = nil, state: ModelState? = nil
    ) throws {
        try self.init(
            model, optimizer: optimizer, losses: [loss], metrics: [metrics], weightedMetrics: [weightedMetrics],
            seed: seed, state: state)
    }
}

extension Trainer {
    /// What the order of rows depends on in the present fit, and what its callbacks draw: one for each fit.
    public var fitSeed: UInt64 {
        var stream = PhiloxStream(seed: seed, use: "fit", index: fitCount)
        return stream.next()
    }

    func loss(of output: Int) -> any Loss { losses.count == 1 ? losses[0] : losses[output] }

    func lossWeight(of output: Int) -> Float { lossWeights.isEmpty ? 1 : lossWeights[output] }

    /// Builds the model for data of this layout, and chooses its metrics.
    /// - Throws: `TrainingError` or `ModelError` where model, losses and data do not fit each other.
    func prepare(for layout: DataLayout, needsTargets: Bool = true) throws {
        try state.build(layout.inputs.map(\.spec))
        guard needsTargets, let outputs = model.outputSpecs else { return }
        func require(_ count: Int, _ what: String) throws {
            guard count != outputs.count else { return }
            throw TrainingError(.invalidData, "the model has \(outputs.count) output(s), there are \(count) \(what)")
        }
        try require(layout.targets.count, "targets in the data")
        if losses.count > 1 { try require(losses.count, "losses") }
        if !lossWeights.isEmpty { try require(lossWeights.count, "loss weights") }
        if metrics.count > 1 { try require(metrics.count, "lists of metrics") }
        if weightedMetrics.count > 1 { try require(weightedMetrics.count, "lists of weighted metrics") }
        resolvedMetrics = try outputs.indices.map { index in
            try [(metrics, false), (weightedMetrics, true)].flatMap { lists, isWeighted in
                try (lists.indices.contains(index) ? lists[index] : []).map { metric in
                    let resolved = try metric.resolved(
                        loss: loss(of: index), yTrue: layout.targets[index].spec, yPred: outputs[index])
                    return MeasuredMetric(metric: resolved, isWeighted: isWeighted)
                }
            }
        }
    }

    /// The program for batches of `batch` rows, compiled at the first need.
    func program(_ mode: StepMode, _ layout: DataLayout, batch: Int, threads: Int?) throws -> CompiledStep {
        dropOutdated()
        let key = StepKey(layout: layout, batch: batch, mode: mode, threads: threads)
        if let known = programs[key] { return known }
        let graph = try StepGraph(trainer: self, layout: layout, batch: batch, mode: mode).build()
        let step = try CompiledStep(graph, variables: state.store, threads: threads)
        programs[key] = step
        return step
    }

    /// Memory that the compiled programs work in, in bytes.
    var arenaByteCount: Int {
        programs.values.reduce(updateProgram?.arenaByteCount ?? 0) { $0 + $1.arenaByteCount }
    }

    func updateStep(threads: Int?) throws -> CompiledStep {
        dropOutdated()
        if let updateProgram { return updateProgram }
        let step = try CompiledStep(updateGraph(), variables: state.store, threads: threads)
        updateProgram = step
        return step
    }

    /// A number that changes when programs have to be asked for again.
    var programVersion: Int { generation &+ optimizer.structureVersion }

    private func dropOutdated() {
        guard compiledFor != programVersion else { return }
        compiledFor = programVersion
        programs = [:]
        updateProgram = nil
    }

    /// Tells that `isTrainable` of a layer was changed: the programs are compiled again at the next step.
    public func trainabilityChanged() { generation += 1 }

    /// Makes layers train or not, by the names of layers at any depth.
    func setFrozen(_ isFrozen: Bool, layersMatching pattern: String) {
        for layer in allLayers where Glob.matches(pattern, layer.name) { layer.isTrainable = !isFrozen }
        generation += 1
        // What accumulated before belongs to weights as they were then: no update uses it, nor clears it.
        for variable in model.variables.entries where !variable.isTrainable {
            if let sum = gradients[variable.id] { state.store.fill(sum, 0) }
        }
    }

    var allLayers: [any Layer] {
        func within(_ layer: any Layer) -> [any Layer] { [layer] + layer.sublayers.flatMap(within) }
        return model.layers.flatMap(within)
    }

    func slotVariable(_ slot: SlotDeclaration, of variable: ModelVariable) throws -> VariableID {
        if let known = slots[variable.id]?[slot.name] { return known }
        let id = try state.store.add(slot.spec(of: variable))
        begin(slot, id, of: variable)
        slots[variable.id, default: [:]][slot.name] = id
        return id
    }

    /// Makes a state of the optimizer what it is before the first step.
    func begin(_ slot: SlotDeclaration, _ id: VariableID, of variable: ModelVariable) {
        switch slot.initial {
        case .value(let value): state.store.fill(id, value)
        case .parameter: state.store.copy(variable.id, to: id)
        }
    }

    /// Makes the weights that train their moving average, where the optimizer keeps one.
    func endWithAverage() {
        guard optimizer.movingAverage.isKept else { return }
        for variable in model.variables.trainable {
            guard let average = slots[variable.id]?[MovingAverage.slot.name] else { continue }
            state.store.copy(average, to: variable.id)
        }
    }

    /// Where the mean gradient of a parameter is kept when steps are split.
    func gradientVariable(of variable: ModelVariable) throws -> VariableID {
        if let known = gradients[variable.id] { return known }
        let id = try state.store.add(variable.spec)
        gradients[variable.id] = id
        return id
    }

    func clearGradients() {
        for id in gradients.values { state.store.fill(id, 0) }
    }

    /// The gradient variable of a weight, by its path; nil where steps have not been split.
    public func gradientVariable(path: String) -> VariableID? { model.variables[path].flatMap { gradients[$0.id] } }

    /// The optimizer's memory of a weight, by path and slot name.
    public func slotVariable(path: String, slot: String) -> VariableID? {
        model.variables[path].flatMap { slots[$0.id]?[slot] }
    }
}
