import PeriluneGraph
import PeriluneNN
import PeriluneProcess

@testable import PeriluneTrain

/// An engine without a model: metrics come from closures, and every call is noted.
final class FakeEngine: TrainingEngine, SessionSource {
    var trainer: Trainer? { nil }
    var metrics = [MonitoredQuantity("loss", .minimize), MonitoredQuantity("accuracy", .maximize)]
    var lossText = "fake"
    let lossesWithoutIdentity: [String] = []
    let optimizer: Optimizer
    var layerNames = ["conv_1", "conv_2", "dense"]
    var step = 0
    private(set) var lastLearningRate: Double?
    var batches = 2
    var validationBatches = 1
    /// Whether a pass says before how many batches it has.
    var knowsLength = true
    /// Values of a training batch by epoch and batch, from 1.
    var trainValue: (_ epoch: Int, _ batch: Int) -> Double = { _, _ in 0.5 }
    /// Values of a validation by how often it has run, from 1.
    var validationValue: (_ pass: Int) -> Double = { _ in 0.25 }
    /// Thrown by the step of this epoch and batch.
    var failing: (epoch: Int, batch: Int)?
    var calls: [String] = []
    /// What the loop told the user.
    var remarks: [String] = []
    /// The epochs trained: what the weights of this engine are.
    var weights: Float = 0
    var epochsAvailable = Int.max
    private(set) var frozen: [String] = []
    /// The weights after an update; the epoch where there is no function.
    var weightsAfter: ((_ step: Int) -> Float)?

    init(learningRate: Double = 0.1, schedule: (any Schedule)? = nil) throws {
        optimizer = try .sgd(learningRate: learningRate, momentum: 0.9, schedule: schedule)
    }

    init(optimizer: Optimizer) throws { self.optimizer = optimizer }

    func makeTrainingSession(batchSize: Int?, splitsSteps: Bool) throws -> any TrainingSession {
        FakeSession(self, batchSize: batchSize ?? 32, trains: true, splits: splitsSteps)
    }

    func makeValidationSession() throws -> (any BatchSession)? { FakeSession(self, batchSize: 32, trains: false) }

    func setFrozen(_ isFrozen: Bool, layersMatching pattern: String) {
        for name in layerNames where Glob.matches(pattern, name) {
            frozen.removeAll { $0 == name }
            if isFrozen { frozen.append(name) }
        }
    }

    func noteLearningRate() { lastLearningRate = optimizer.learningRate }
    var frozenLayers: [String] { frozen }
    private(set) var rateFactors: [String: Float] = [:]
    func setRateFactors(_ factors: [String: Float]) { rateFactors = factors }
    func visitWeights(_ body: (_ index: Int, _ elements: UnsafeBufferPointer<Float>) -> Void) {
        [weights].withUnsafeBufferPointer { body(0, $0) }
    }
    func readWeights() -> [Tensor] { [Tensor(weights)] }
    func writeWeights(_ weights: [Tensor]) throws { self.weights = weights[0].floats[0] }
    func abandonStep() { calls.append("abandon") }
    func endWithAverage() {}

    func captureState(in memory: CopyMemory?) throws -> StateValue {
        ["step": .integer(step), "weights": .number(Double(weights)), "settings": optimizer.settings.stateValue]
    }
    func check(_ saved: StateValue, path: String) throws {}
    func restoreState(_ saved: StateValue, path: String) throws {
        step = saved["step"]?.integer ?? 0
        optimizer.step = step
        try restoreMemory(saved, weightsOnly: false, path: path)
    }
    func restoreMemory(_ saved: StateValue, weightsOnly: Bool, path: String) throws {
        calls.append(weightsOnly ? "restore weights" : "restore")
        weights = Float(saved["weights"]?.number ?? 0)
    }
}

struct FakeFailure: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}

final class FakeSession: TrainingSession {
    let engine: FakeEngine
    let batchSize: Int
    let trains: Bool
    private(set) var splits: Bool
    var epoch = 0
    var batch = 0
    var starts = 0
    var values: [Double] = []

    init(_ engine: FakeEngine, batchSize: Int, trains: Bool, splits: Bool = false) {
        (self.engine, self.batchSize, self.trains, self.splits) = (engine, batchSize, trains, splits)
    }

    func split(_ splits: Bool) { self.splits = splits }

    private var length: Int { trains ? engine.batches : engine.validationBatches }
    var batchCount: Int? { engine.knowsLength ? length : nil }
    var rowCount: Int? { batchCount.map { $0 * batchSize } }
    var exhaustion: String? { epoch >= engine.epochsAvailable ? "the data end after \(epoch) epochs" : nil }

    func startEpoch(_ epoch: Int) throws -> Bool {
        guard epoch <= engine.epochsAvailable else { return false }
        (self.epoch, batch, starts) = (epoch, 0, starts + 1)
        return true
    }

    func startEpoch(_ epoch: Int, atBatch batch: Int) throws -> Bool {
        guard try startEpoch(epoch) else { return false }
        self.batch = batch - 1
        return true
    }

    var state: StateValue { .list(values.map { .number($0) }) }
    func restore(_ state: StateValue) { values = state.numbers ?? [] }
    func resetMetrics() { values = [] }
    func forgetLast() { values.removeLast() }

    func next() throws -> Int? {
        guard batch < length else { return nil }
        batch += 1
        return batchSize
    }

    func hasNext() -> Bool { batch < length }

    func run() throws {
        if trains, let failing = engine.failing, failing == (epoch, batch) { throw FakeFailure("the step failed") }
        values.append(trains ? engine.trainValue(epoch, batch) : engine.validationValue(starts))
        guard trains else { return }
        engine.calls.append(splits ? "backward" : "step")
        if !splits { advance() }
    }

    func update() throws {
        engine.calls.append("update")
        advance()
    }

    private func advance() {
        engine.noteLearningRate()
        engine.step += 1
        engine.optimizer.step = engine.step
        engine.weights = engine.weightsAfter?(engine.step) ?? Float(epoch)
    }

    func discard() { engine.calls.append("discard") }
    func batchValue(_ index: Int) -> Double { values.last ?? .nan }
    func runningValue(_ index: Int) -> Double { values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count) }
}

/// Notes every event, and does what a closure says.
final class Recorder: Callback {
    let name: String
    var trace: [String] = []
    var events = EventSet.all.subtracting([.backwardEnd])
    var action: (EventContext) throws -> Directive? = { _ in nil }

    init(_ name: String = "recorder") { self.name = name }

    func handle(_ event: Event, _ context: EventContext) throws -> Directive? {
        let number: String =
            switch event.argument {
            case .none, .message: ""
            case .epoch: " \(context.run.epoch)"
            case .batch: " \(event.isTraining ? context.run.batch : context.run.testBatch)"
            }
        trace.append(event.name.dropFirst(3) + number)
        return try action(context)
    }
}

extension TrainingLoop {
    /// A fit of a fake engine, which makes its own sessions.
    func fit(resuming checkpoint: Checkpoint? = nil) throws -> History {
        guard let engine = engine as? FakeEngine else { throw FakeFailure("not a fake engine") }
        return try fit(from: engine, resuming: checkpoint)
    }
}

/// A loop over a fake engine.
func makeLoop(
    _ engine: FakeEngine, _ callbacks: [any Callback], validates: Bool = true, interrupts: Interrupts = Interrupts(),
    _ change: (inout FitOptions) -> Void = { _ in }
) -> TrainingLoop {
    var options = FitOptions()
    change(&options)
    return TrainingLoop(
        engine: engine, options: options, callbacks: callbacks, interrupts: interrupts, hasValidation: validates,
        message: { engine.remarks.append($0) })
}
