public import PeriluneData

/// How to train, apart from the data.
public struct FitOptions {
    /// When validation runs.
    public enum ValidationFrequency: Hashable, Sendable {
        /// At the end of each n-th epoch, counted from the first.
        case epochs(Int)
        /// After each n-th training step, and not at the end of epochs.
        case steps(Int)
    }

    /// How much to print.
    public enum Verbosity: Hashable, Sendable {
        /// A bar on a terminal, lines otherwise.
        case auto
        case silent
        case bar
        /// One line an epoch.
        case lines
    }

    /// The number of the last epoch, 0 or more.
    public var epochs = 1
    /// Rows a batch, 1 or more; nil takes 32.
    public var batchSize: Int?
    /// Rows a batch of the validation; nil takes `batchSize`.
    public var validationBatchSize: Int?
    /// Batches of the validation data that each validation takes at most; nil takes all of them. Needed for a
    /// generator, which may never end.
    public var validationSteps: Int?
    public var validationEvery = ValidationFrequency.epochs(1)
    /// Whether each epoch sees the rows in an order of its own.
    public var shuffle = true
    /// Epochs that count as done: the first one has the number `initialEpoch + 1`.
    public var initialEpoch = 0
    /// Batches an epoch; the data go on where they stopped. nil: each epoch sees all data once.
    public var stepsPerEpoch: Int?
    /// Whether the last batch of the data is left out where it has fewer rows than the others.
    public var dropsLast = false
    /// Weights of the classes in the loss; classes that are not listed weigh 1.
    public var classWeight: ClassWeights = [:]
    /// Batches whose gradients make one update, 1 or more: their mean over all examples, as in one big batch.
    public var accumulate = 1
    public var verbose = Verbosity.auto
    /// Threads to run on; nil chooses.
    public var threads: Int?
    /// A checkpoint, or a folder of them, to go on from: the newest that is whole. Where there is none yet the run
    /// starts afresh and says so.
    public var resume: String?
    /// Whether SIGINT (Ctrl-C) and SIGTERM interrupt this fit: it then ends in order, or asks `onInterrupt`, and a
    /// second signal ends the program. The handlers are the process's own; those from before are put back when the fit
    /// has ended. A host whose output goes to a pipe may want to ignore SIGPIPE too: Ctrl-C ends its reader as well.
    public var handlesSignals = false
    /// Asked at a boundary when the run is interrupted, and where a callback pauses it. Answers nil where there is
    /// no answer to be had: an interruption then ends the run in order, and a pause is an error. Where there is no
    /// function it is as if it answered nil.
    public var onInterrupt: ((Interruption) throws -> InterruptDecision?)?
    /// Who speaks for people outside of the process, and answers where attention is asked for: an `AttachServer` lets
    /// them attach to this fit.
    public var attendant: (any RunAttendant)?

    public init() {}

    /// - Throws: `TrainingError` naming the option that is out of range.
    func check() throws(TrainingError) {
        func require(_ name: String, _ value: Int?, atLeast least: Int) throws(TrainingError) {
            guard let value, value < least else { return }
            throw TrainingError(
                .invalidOption, "fit: '\(name)' must be a whole number of \(least) or more, got \(value)")
        }
        try require("epochs", epochs, atLeast: 0)
        try require("batch_size", batchSize, atLeast: 1)
        try require("validation_batch_size", validationBatchSize, atLeast: 1)
        try require("initial_epoch", initialEpoch, atLeast: 0)
        try require("steps_per_epoch", stepsPerEpoch, atLeast: 1)
        try require("validation_steps", validationSteps, atLeast: 1)
        try require("accumulate", accumulate, atLeast: 1)
        try require("threads", threads, atLeast: 1)
        guard resume?.isEmpty != true else {
            throw TrainingError(.invalidOption, "fit: 'resume' is empty; give a checkpoint, or a folder of them")
        }
        switch validationEvery {
        case .epochs(let count): try require("validation_every", count, atLeast: 1)
        case .steps(let count): try require("validation_every.steps", count, atLeast: 1)
        }
        for (label, weight) in classWeight.byClass.sorted(by: { $0.key < $1.key }) {
            try require("class_weight", label, atLeast: 0)
            guard weight.isFinite, weight >= 0 else {
                throw TrainingError(
                    .invalidOption, "fit: the class weight of \(label) must be a number of 0 or more, got \(weight)")
            }
        }
    }
}
