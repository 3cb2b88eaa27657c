public import PeriluneGraph
public import PeriluneProcess

/// A run in progress, as callbacks see it: where it is (`RunState`), and what may be asked of it (`RunRequests`).
public final class Run {
    let state: RunState
    let requests: RunRequests
    let engine: any TrainingEngine
    /// Records the numbers of the epochs.
    package let recorder = HistoryRecorder()
    /// What asks this run to stop, or to stand still, from outside.
    public let interrupts: Interrupts
    /// Whether this run trains (`fit`), and does not only evaluate or predict.
    public let isTraining: Bool
    package let hasValidation: Bool
    /// Quantities that the logs of an epoch will have.
    public let quantities: [MonitoredQuantity]
    /// Asks what to do in the middle of an event; nil once the run is over.
    var pauser: ((Event?) throws -> Void)?
    /// Takes the statistics of layers anew for the weights of now; nil once the run is over, and where it does not
    /// train.
    var renewStatistics: (() throws -> TrainingLoop.StatisticsPass)?
    /// Takes remarks for the user, one line each.
    let message: (String) -> Void
    private var said: Set<String> = []

    init(
        _ state: RunState, _ requests: RunRequests, engine: any TrainingEngine, interrupts: Interrupts,
        isTraining: Bool,
        hasValidation: Bool, message: @escaping (String) -> Void
    ) {
        self.state = state
        self.requests = requests
        self.engine = engine
        self.interrupts = interrupts
        self.isTraining = isTraining
        self.hasValidation = hasValidation
        self.message = message
        var quantities = isTraining ? engine.metrics : []
        if hasValidation || !isTraining {
            quantities += engine.metrics.map { MonitoredQuantity((isTraining ? "val_" : "") + $0.name, $0.direction) }
        }
        self.quantities = quantities
    }
}

// Where the run is.
extension Run {
    /// The epoch, counted from 1; 0 before the first.
    public var epoch: Int { state.epoch }
    /// The training batch within the epoch, counted from 1.
    public var batch: Int { state.batch }
    /// The batch of the evaluation or prediction in progress, counted from 1.
    public var testBatch: Int { state.testBatch }
    /// Training batches since the run began, counted from 1.
    public var batchesSeen: Int { state.batchesSeen }
    /// Batches that trained in this epoch; 0 where the epoch was stopped before its first.
    public var batchesTrained: Int { state.batchesTrained }
    /// Evaluations that have begun in this run.
    public var evaluationCount: Int { state.evaluationCount }
    /// Whether the evaluation in progress is a validation within an epoch, and not the one at its end.
    public var isValidationWithinEpoch: Bool { state.isValidationWithinEpoch }
    public var params: RunParameters { state.params }
    /// What was recorded so far.
    public var history: History { recorder.history }
    /// Why the run ended; nil while it goes on. Set before the closing events of a failed run.
    public var endReason: EndReason? { state.endReason }
    /// What the stopping callback gave as its reason.
    public var stopReason: String? { state.stopReason }
    /// The error of a failed run.
    public var failure: TrainingError? { state.failure }
    /// The callbacks in the order in which they are asked, `history` and the progress bar among them; empty
    /// once the run is over.
    public var callbacks: [any Callback] { state.callbacks.callbacks }
    /// The file of the checkpoint that this run goes on from; nil where it began afresh.
    public var resumedFrom: String? { state.resumedFrom }
    /// The event that callbacks are asked at; nil between events.
    public var event: Event? { state.event }
    package var eventNumber: Int { state.eventNumber }
    package var isStepComplete: Bool { state.isStepComplete }
    var changes: [String] { state.changes }
    var secondsPaused: Double { state.secondsPaused }
    var hasFinalWeights: Bool { requests.hasFinalWeights }

}

extension Run {
    /// Optimizer updates since the model was compiled: the number of the step whose batch was trained last.
    public var step: Int { engine.step }

    public var optimizer: Optimizer { engine.optimizer }

    /// The learning rate that the last step used, as the logs of what has ended tell it; before the first, that of the
    /// next. `optimizer.learningRate` is always that of the next.
    public var lastLearningRate: Double { engine.lastLearningRate ?? optimizer.learningRate }

    /// Seconds that the run has taken; a resumed run counts those of before too.
    public var elapsed: Double { state.elapsedBefore + (ContinuousClock.now - state.began).inSeconds }

    /// Whether the run is being closed down because something failed.
    public var isFailing: Bool { failure != nil }

    /// Whether this run goes on from a checkpoint.
    public var isResumed: Bool { resumedFrom != nil }

    /// The folder of the checkpoint that this run goes on from.
    var resumedFolder: String? { resumedFrom.map { WholeFile.parts(of: $0).folder } }

    /// Whether a stop has been asked for.
    public var isStopping: Bool { requests.stop != nil || endReason != nil }

    /// Asks for a stop, as the directive does. A run that is over cannot be stopped: nothing happens.
    public func stop(_ reason: String? = nil, now: Bool = false) {
        requests.addStop(Wish.Stop(reason: reason, now: now))
    }

    /// Asks for a checkpoint at the next boundary, as the directive does: a file, or a folder. A run that is over has
    /// none.
    public func save(to path: String) { requests.saves.append(path) }

    /// Takes back a stop that has not been carried out: `model.stop_training = false`.
    public func cancelStop() { requests.stop = nil }

    /// Stands still in the middle of a callback until there is an answer what to do: a breakpoint.
    /// - Throws: `TrainingError` where `FitOptions` names nothing to ask, or the answer is to abort.
    public func pause() throws {
        guard let pauser, endReason == nil else {
            throw TrainingError(.noPrompt, "a run that is over cannot be paused")
        }
        try pauser(state.event)
    }

    /// The weights in Keras's order.
    public func readWeights() -> [Tensor] { engine.readWeights() }

    /// - Throws: where the tensors do not fit the model.
    public func writeWeights(_ weights: [Tensor]) throws { try engine.writeWeights(weights) }

    /// Writes weights that the run ends with: no average takes their place.
    func end(with weights: [Tensor]) throws {
        try writeWeights(weights)
        requests.hasFinalWeights = true
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
    package func sayOnce(_ text: String) {
        if said.insert(text).inserted { say(text) }
    }
}

extension Duration {
    /// So many seconds, at most some 30 years: more than a clock counts may be asked for.
    package static func waiting(_ seconds: Double) -> Duration { .seconds(min(max(0, seconds), 1e9)) }

    package var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
