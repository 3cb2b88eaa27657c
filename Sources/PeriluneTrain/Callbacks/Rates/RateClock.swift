/// How far a plan for the learning rate has come, in updates of the weights.
///
/// A span in epochs, or the whole run, has as many updates as its epochs have when the run begins. Where an epoch then
/// has more or fewer, because the batch size or the accumulation changes, each of them counts for less or more: the
/// plan ends with its epochs all the same.
struct RateClock {
    /// Nil: the whole run.
    let span: RateSpan?
    /// The updates of the span.
    private(set) var total = 1
    /// Updates an epoch when the run began; nil where updates are counted.
    private var each: Int?
    /// Updates, and epochs, before the run.
    private var (begun, epochsBefore) = (0, 0)
    /// The epoch in progress, the updates before it, and how many it has.
    private var epoch = (number: 0, begun: 0, steps: 1)

    init(_ span: RateSpan?) { self.span = span }

    /// - Throws: `TrainingError` in the name of `callback` where the data do not say how many batches an epoch has.
    mutating func prepare(for run: Run, _ callback: String) throws(TrainingError) {
        let span = span ?? .epochs(max(1, run.params.epochs - run.epoch))
        total = try span.steps(in: run, for: callback)
        switch span {
        case .steps: each = nil
        case .epochs: each = run.stepsPerEpoch
        }
        (begun, epochsBefore) = (run.step, run.epoch)
        epoch = (run.epoch, run.step, each ?? 1)
    }

    /// Where the next update stands; a whole number where each epoch has as many updates as the first.
    mutating func position(in run: Run) -> Double {
        guard let each else { return Double(max(0, run.step - begun)) }
        if run.epoch != epoch.number { epoch = (run.epoch, run.step, max(1, run.stepsPerEpoch ?? each)) }
        let done = min(max(0, run.step - epoch.begun), epoch.steps)
        return Double(max(0, run.epoch - 1 - epochsBefore)) * Double(each) + Double(done) * Double(each)
            / Double(epoch.steps)
    }

    var state: StateValue {
        [
            "begun": .integer(begun), "epochs_before": .integer(epochsBefore), "epoch": .integer(epoch.number),
            "epoch_begun": .integer(epoch.begun), "epoch_steps": .integer(epoch.steps),
        ]
    }

    mutating func restore(_ state: StateValue?) {
        func number(_ name: String, _ fallback: Int) -> Int { state?[name]?.count ?? fallback }
        begun = number("begun", begun)
        epochsBefore = number("epochs_before", epochsBefore)
        epoch = (number("epoch", 0), number("epoch_begun", begun), max(1, number("epoch_steps", 1)))
    }
}
