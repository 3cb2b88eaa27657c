public import PeriluneGraph

/// A run in progress, as callbacks see it.
public final class Run {
    /// The epoch, counted from 1; 0 before the first.
    public internal(set) var epoch = 0
    /// The training batch within the epoch, counted from 1.
    public internal(set) var batch = 0
    /// The batch of the evaluation or prediction in progress, counted from 1.
    public internal(set) var testBatch = 0
    /// Training batches since the run began, counted from 1.
    public internal(set) var batchesSeen = 0
    /// Batches that trained in this epoch; 0 where the epoch was stopped before its first.
    public internal(set) var batchesTrained = 0
    /// Evaluations that have begun in this run.
    public internal(set) var evaluationCount = 0
    /// Whether the evaluation in progress is a validation within an epoch, and not the one at its end.
    public internal(set) var isValidationWithinEpoch = false
    public internal(set) var params: RunParameters
    public internal(set) var history: History
    /// Why the run ended; nil while it goes on. Set before the closing events of a failed run.
    public internal(set) var endReason: EndReason?
    /// What the stopping callback gave as its reason.
    public internal(set) var stopReason: String?
    /// The error of a failed run.
    public internal(set) var failure: TrainingError?
    /// The callbacks in the order in which they are asked, `history` and the progress bar among them; empty
    /// once the run is over.
    public internal(set) var callbacks: [any Callback] = []
    /// Whether this run trains (`fit`), and does not only evaluate or predict.
    public let isTraining: Bool
    /// Quantities that the logs of an epoch will have.
    public let quantities: [MonitoredQuantity]

    /// The file of the checkpoint that this run goes on from; nil where it began afresh.
    public internal(set) var resumedFrom: String?
    /// The event that callbacks are asked at; nil between events.
    public internal(set) var event: Event?
    /// Events that callbacks were asked at since the run began: no two have the same number.
    package var eventNumber = 0
    /// Whether the batch in progress, or the last one, ended with an update of the weights.
    var isStepComplete = false

    let engine: any TrainingEngine
    let hasValidation: Bool
    var pendingStop: Wish.Stop?
    /// Where to write checkpoints at the next boundary.
    var pendingSaves: [String] = []
    /// Whether the batch that has just ended is to leave no trace: neither in the metrics nor in gradients that wait.
    var forgetsBatch = false
    /// Whether a callback has chosen the weights that the run ends with.
    private(set) var hasFinalWeights = false
    /// How long the run has stood still at prompts.
    var secondsPaused = 0.0
    /// Whether the loop has yet to take up a change of `callbacks`.
    var callbacksHaveChanged = false
    /// Asks what to do in the middle of an event; nil once the run is over.
    var pauser: ((Event?) throws -> Void)?
    /// Takes remarks for the user, one line each.
    let message: (String) -> Void
    private var said: Set<String> = []
    private let began = ContinuousClock.now
    /// What the user has changed since the checkpoint that this run goes on from: names of options and hyper-parameters.
    var changes: [String] = []
    /// Seconds that the run took before it was resumed.
    var elapsedBefore = 0.0

    init(
        engine: any TrainingEngine, params: RunParameters, isTraining: Bool, hasValidation: Bool,
        message: @escaping (String) -> Void
    ) {
        self.engine = engine
        self.params = params
        self.isTraining = isTraining
        self.hasValidation = hasValidation
        self.message = message
        history = History()
        var quantities = isTraining ? engine.metrics : []
        if hasValidation || !isTraining {
            quantities += engine.metrics.map { MonitoredQuantity((isTraining ? "val_" : "") + $0.name, $0.direction) }
        }
        self.quantities = quantities
    }
}

extension Run {
    /// Optimizer updates since the model was compiled: the number of the step whose batch was trained last.
    public var step: Int { engine.step }

    public var optimizer: Optimizer { engine.optimizer }

    /// The learning rate that the last step used, as the logs of what has ended tell it; before the first, that of the
    /// next. `optimizer.learningRate` is always that of the next.
    public var lastLearningRate: Double { engine.lastLearningRate ?? optimizer.learningRate }

    /// Seconds that the run has taken; a resumed run counts those of before too.
    public var elapsed: Double { elapsedBefore + (ContinuousClock.now - began).inSeconds }

    /// Whether the run is being closed down because something failed.
    public var isFailing: Bool { failure != nil }

    /// Whether this run goes on from a checkpoint.
    public var isResumed: Bool { resumedFrom != nil }

    /// The folder of the checkpoint that this run goes on from.
    var resumedFolder: String? { resumedFrom.map { WholeFile.parts(of: $0).folder } }

    /// Whether a stop has been asked for.
    public var isStopping: Bool { pendingStop != nil || endReason != nil }

    /// Asks for a stop, as the directive does.
    public func stop(_ reason: String? = nil, now: Bool = false) {
        let wanted = Wish.Stop(reason: reason, now: now)
        pendingStop = pendingStop?.merged(with: wanted) ?? wanted
    }

    /// Asks for a checkpoint at the next boundary, as the directive does: a file, or a folder. A run that is over has none.
    public func save(to path: String) { pendingSaves.append(path) }

    /// Takes back a stop that has not been carried out: `model.stop_training = false`.
    public func cancelStop() { pendingStop = nil }

    /// Stands still in the middle of a callback until whoever is asked says what to do: a breakpoint.
    /// - Throws: `TrainingError` where there is nobody to ask, or the answer is to abort.
    public func pause() throws {
        guard let pauser, endReason == nil else {
            throw TrainingError(.noPrompt, "a run that is over cannot be paused")
        }
        try pauser(event)
    }

    /// The weights in Keras's order.
    public func readWeights() -> [Tensor] { engine.readWeights() }

    /// - Throws: where the tensors do not fit the model.
    public func writeWeights(_ weights: [Tensor]) throws { try engine.writeWeights(weights) }

    /// Writes weights that the run ends with: no average takes their place.
    func end(with weights: [Tensor]) throws {
        try writeWeights(weights)
        hasFinalWeights = true
    }

    /// A copy of the weights and of the optimizer's memory, for `restoreMemory`.
    public func captureMemory() throws -> StateValue {
        let state = try engine.captureState()
        guard let fields = state.record else { return state }
        return .record(fields.filter { ["weights", "slots", "gradients"].contains($0.key) })
    }

    /// Goes back to what `captureMemory` gave in this run. Epoch, step, learning rate and history stay as they are.
    public func restoreMemory(_ state: StateValue) throws {
        try engine.restoreMemory(state, weightsOnly: false, path: "the state in memory")
    }

    /// Tells the user something, on a line of its own.
    public func say(_ text: String) { message(text) }

    /// The same, unless this run has said it already.
    func sayOnce(_ text: String) {
        if said.insert(text).inserted { say(text) }
    }
}

extension Duration {
    /// So many seconds, at most some 30 years: more than a clock counts may be asked for.
    static func waiting(_ seconds: Double) -> Duration { .seconds(min(max(0, seconds), 1e9)) }

    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
