/// Where a run is and what it has come to. The loop writes it, `Run` shows it to callbacks, and checkpoints keep of it
/// what a resumed run needs.
final class RunState {
    // Where the run is.

    /// The epoch, counted from 1; 0 before the first.
    var epoch = 0
    /// The training batch within the epoch, counted from 1.
    var batch = 0
    /// The batch of the evaluation or prediction in progress, counted from 1.
    var testBatch = 0
    /// Training batches since the run began, counted from 1.
    var batchesSeen = 0
    /// Batches that trained in this epoch.
    var batchesTrained = 0
    /// Evaluations that have begun in this run.
    var evaluationCount = 0
    /// Whether the evaluation in progress is a validation within an epoch, and not the one at its end.
    var isValidationWithinEpoch = false
    /// The event that callbacks are asked at; nil between events.
    var event: Event?
    /// Events that callbacks were asked at since the run began: no two have the same number.
    var eventNumber = 0

    // What the run is to do.

    /// The plan as it stands, for the next epoch.
    var params: RunParameters
    /// What this run was asked to do.
    var begun: RunPlan
    /// Rows of a full batch in the epoch in progress.
    var activeBatchSize = 0
    /// Batches that make one update in the epoch in progress.
    var activeAccumulate = 1
    /// The callbacks, in the order in which they are asked.
    var callbacks: CallbackList

    // The batch and the epoch in progress.

    /// What the logs of batch events show.
    var current: CurrentBatch?
    /// Whether the batch in progress, or the last one, ended with an update of the weights.
    var isStepComplete = false
    /// Updates before the batch in progress.
    var stepBeforeBatch = 0
    /// Batches whose gradients wait for an update.
    var batchesAccumulated = 0
    /// What the last validation of this epoch gave.
    var validated: Logs?
    /// The logs of the last epoch, for `trainEnd`.
    var epochLogs = Logs()
    var epochBegan = ContinuousClock.now

    // Time.

    let began = ContinuousClock.now
    /// Seconds that the run took before it was resumed.
    var elapsedBefore = 0.0
    /// How long the run has stood still at prompts.
    var secondsPaused = 0.0

    // How it goes on from a checkpoint, and how it ends.

    /// The file of the checkpoint that this run goes on from.
    var resumedFrom: String?
    /// What the user has changed since then: names of options and hyper-parameters.
    var changes: [String] = []
    /// Whether the user ends the run.
    var isInterrupted = false
    var endReason: EndReason?
    var stopReason: String?
    var failure: TrainingError?

    init(params: RunParameters, begun: RunPlan, callbacks: CallbackList) {
        self.params = params
        self.begun = begun
        self.callbacks = callbacks
    }

    /// The batch whose numbers the logs show.
    struct CurrentBatch {
        let session: any BatchSession
        let rows: Int
        var event: Event
        /// Whether the model has run on it.
        var hasRun = false
    }
}
