import PeriluneGraph

@testable import PeriluneTrain

/// What a run left behind, but for the time that it took.
struct ResumeOutcome: Equatable {
    var weights: [Tensor]
    var columns: [String: [Double]] = [:]
    var epochs: [Int]
    var states: StateValue
    var reason: String?
    var step: Int
    var rate: Double

    init(_ trainer: Trainer, _ history: History, _ callbacks: [any Callback]) throws {
        weights = try trainer.getWeights()
        for name in history.names where name != "epoch_seconds" && name != "samples_per_second" {
            columns[name] = history[name]
        }
        epochs = history.epochs
        states = try CallbackList(callbacks).captureStates()
        reason = history.stopReason
        step = trainer.step
        rate = trainer.optimizer.learningRate
    }

    /// What is not the same, in words.
    func differences(from other: ResumeOutcome) -> [String] {
        // An epoch without a good batch has no loss: NaN on both sides is no difference.
        var names = columns.keys.filter { columns[$0]?.map(\.bitPattern) != other.columns[$0]?.map(\.bitPattern) }
        if weights != other.weights { names.append("weights") }
        for (name, state) in states.record ?? [:] where state != other.states[name] {
            names += (state.record ?? [:]).filter { $0.value != other.states[name]?[$0.key] }
                .map { "\(name): \($0.key)" }
        }
        if epochs != other.epochs || reason != other.reason || step != other.step || rate != other.rate {
            names.append("end")
        }
        return names.sorted()
    }
}
