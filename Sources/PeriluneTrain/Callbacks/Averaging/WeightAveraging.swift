public import PeriluneGraph

/// What is made of the weights as they train: a run that takes its weights back takes this back as well.
public protocol WeightAverager: Callback {
    /// The weights that validation sees; nil where those are the ones that train.
    func averagedWeights(in run: Run) -> [Tensor]?
}

extension Run {
    /// The weights that a validation now would see: averaged ones where a callback keeps such.
    func readValidatedWeights() -> [Tensor] {
        roles.lazy.compactMap(\.averager).compactMap { $0.averagedWeights(in: self) }.first ?? readWeights()
    }
}

/// Keeps an average of the weights while they train: what `SwapEMAWeights` and `StochasticWeightAveraging` share.
///
/// The average takes up all weights that are floats, moving statistics of batch normalization among them. It stands in
/// for the weights in evaluations (between test begin and test end) and predictions, and at the end of the run. A
/// checkpoint holds the weights that train, and the average beside them, so that a resumed run goes on exactly; with
/// `swapsOnEpoch` it holds the average as its weights, and the ones that train beside it. So a file of weights alone
/// (`save_weights_only`) has the average with `swapsOnEpoch` only. Who goes back to a checkpoint (the directive
/// `restore`, `rollback`) takes the average back too. Weights that another callback writes while the average stands in
/// stay.
///
/// Where a callback goes back to the best weights at the end (`early_stopping`, `keep_best_weights`), the run ends with
/// those, whichever stands first in the list.
public class WeightAveraging: Callback, WeightAverager {
    public let name: String
    /// Whether the run ends with the average as the model's weights.
    public let swapsAtEnd: Bool
    /// Whether the average stands in from the end of each epoch to the beginning of the next, so that what saves
    /// weights then saves the average.
    public let swapsOnEpoch: Bool
    var average = AveragedWeights()
    /// The update that was looked at last.
    private var lastStep = 0
    /// The last epoch whose end has been seen.
    private var lastEpoch = 0
    private var isInForEpoch = false

    init(name: String, swapsAtEnd: Bool, swapsOnEpoch: Bool) {
        (self.name, self.swapsAtEnd, self.swapsOnEpoch) = (name, swapsAtEnd, swapsOnEpoch)
    }

    /// How far the average goes towards the weights after this update; nil where it leaves them out.
    func share(after step: Int, in run: Run) -> Float? { nil }

    /// The weights at the end of an epoch.
    func shareAtEpochEnd(_ run: Run) -> Float? { nil }

    /// The run ends with the average.
    func averageStays(in run: Run) throws {}

    public var roles: [CallbackRole] { [.averagesWeights(self)] }

    /// How many times weights have gone into the average.
    public var updates: Int { average.count }

    /// The average; nil where there is none yet.
    public func averagedWeights(in run: Run) -> [Tensor]? { average.tensors(run) }

    public var events: EventSet {
        EventSet([.trainBatchEnd, .testBegin, .testEnd, .predictBegin, .predictEnd, .epochEnd, .trainEnd])
            .adding([.epochBegin], if: swapsOnEpoch)
    }

    public func prepare(for run: Run) throws {
        if let other = run.roles.lazy.compactMap(\.averager).first(where: { $0 !== self }) {
            throw TrainingError(
                .invalidOption, "\(name): '\(other.name)' averages the weights of this run already; only one can")
        }
        (average, lastStep, lastEpoch, isInForEpoch) = (AveragedWeights(), run.step, 0, false)
    }

    public func onEpochBegin(_ epoch: Int, _ logs: Logs, _ run: Run) throws -> Directive? {
        isInForEpoch = false
        try average.swapOut(run)
        return nil
    }

    public func onTrainBatchEnd(_ batch: Int, _ logs: Logs, _ run: Run) throws -> Directive? {
        takeUp(run)
        return nil
    }

    /// The last update of an epoch may come after its last batch, where several make one.
    private func takeUp(_ run: Run) {
        guard run.step > lastStep else { return }
        lastStep = run.step
        if !average.isIn, let share = share(after: run.step, in: run) { average.take(run, share: share) }
    }

    /// Before the validation at the end of the epoch, where there is one.
    private func takeUpEpoch(_ run: Run) {
        guard run.epoch > lastEpoch, run.batchesTrained > 0 else { return }
        lastEpoch = run.epoch
        if !average.isIn, let share = shareAtEpochEnd(run) { average.take(run, share: share) }
    }

    public func onTestBegin(_ logs: Logs, _ run: Run) throws -> Directive? {
        if run.isTraining {
            takeUp(run)
            if !run.isValidationWithinEpoch { takeUpEpoch(run) }
        }
        try average.swapIn(run)
        return nil
    }

    public func onTestEnd(_ logs: Logs, _ run: Run) throws -> Directive? {
        if !isInForEpoch { try average.swapOut(run) }
        return nil
    }

    public func onPredictBegin(_ logs: Logs, _ run: Run) throws -> Directive? { try onTestBegin(logs, run) }
    public func onPredictEnd(_ logs: Logs, _ run: Run) throws -> Directive? { try onTestEnd(logs, run) }

    public func onEpochEnd(_ epoch: Int, _ logs: Logs, _ run: Run) throws -> Directive? {
        guard !run.isFailing else { return nil }
        takeUp(run)
        takeUpEpoch(run)
        if swapsOnEpoch {
            try average.swapIn(run)
            isInForEpoch = average.isIn
        }
        return nil
    }

    public func onTrainEnd(_ logs: Logs, _ run: Run) throws -> Directive? {
        isInForEpoch = false
        guard !run.hasFinalWeights else {
            average.stayIn()
            return nil
        }
        if average.count == 0, run.batchesSeen > 0, run.endReason != .failed {
            run.say("\(name): the run ended before any weights were averaged; the model has those that it trained last")
        }
        guard swapsAtEnd, run.endReason != .failed else {
            try average.swapOut(run)
            return nil
        }
        try average.swapIn(run)
        average.stayIn()
        try averageStays(in: run)
        return nil
    }

    public var report: [String: StateValue] { ["updates": .integer(average.count)] }

    public var savedState: StateValue {
        [
            "average": average.state, "last_step": .integer(lastStep), "last_epoch": .integer(lastEpoch),
            "is_in": .boolean(isInForEpoch),
        ]
    }

    public func restoreAverage(_ state: StateValue, in run: Run) throws { restore(state, in: run) }

    public func restore(_ state: StateValue, in run: Run) {
        average = AveragedWeights(state["average"])
        lastStep = state["last_step"]?.count ?? run.step
        lastEpoch = state["last_epoch"]?.count ?? 0
        isInForEpoch = state["is_in"]?.boolean ?? false
    }
}
