import Glibc
import PeriluneGraph

/// Writes checkpoints while training.
///
/// In Keras's form (https://keras.io/api/callbacks/model_checkpoint/) to files named by a template, all of them or
/// those of a new best. In the other form to a folder of whole checkpoints, from which a run can be resumed, with the
/// last few and the best few kept. Different from Keras: the state for the best value goes into checkpoints, a NaN is
/// never the best, an impossible name is found before the first batch, and a file appears whole or not at all.
public final class ModelCheckpoint: CheckpointSaver {
    /// Where the files go.
    public enum Target: Hashable, Sendable {
        /// Files named by a template: `best-{epoch:02d}-{val_loss:.2f}.safetensors`.
        case files(String)
        /// A folder, with at most so many of the newest and of the best ones kept; nil keeps all.
        case folder(String, keepLast: Int?, keepBest: Int)
    }

    /// What else than the options of Keras there is to say.
    public struct Options: Sendable {
        public var every = Frequency.epochs(1)
        public var savesBestOnly = false
        /// Weights alone, for `load_weights`; a run cannot be resumed from them.
        public var savesWeightsOnly = false
        /// A value that has to be beaten.
        public var initialValueThreshold: Double?
        /// Whether to write when Ctrl-C or a signal ends the run.
        public var onInterruption = true
        /// Whether to write when the run fails.
        public var onFailure = false
        /// Whether to write on a thread of its own; the step waits for the copy only, which is made in memory that the
        /// run keeps: twice the size of its state at most. Where the disk cannot keep up, saves that a later one
        /// replaces are left out: of files kept in a folder by their number, those that are not among the best. For
        /// others the step waits.
        public var inBackground = false
        /// Whether a file that cannot be written ends the run, and is not only a warning.
        public var isCritical = true
        /// Whether a folder with checkpoints of another run is cleared at the start, which is an error otherwise.
        public var overwrites = false
        /// Whether the end of a run that has ended in order is written too, whatever `every` and `savesBestOnly` say:
        /// with files of a template, as `last.safetensors` beside them.
        public var savesLast = false
        public var isVerbose = false

        public init() {}
    }

    /// What Keras watches.
    public static let defaultMonitor = "val_loss"

    public let target: Target
    public let options: Options
    public internal(set) var monitor: Monitor
    /// The files that are there, oldest first.
    public internal(set) var files: [File] = []

    /// A checkpoint that was written.
    public struct File: Hashable, Sendable {
        public var path: String
        public var step: Int
        public var epoch: Int
        /// The monitored value, where there was one.
        public var value: Double?
    }

    let template: FileNameTemplate?
    /// What the names of files may tell besides where the run is.
    var numbers: FileNameNumbers
    let writer = BackgroundWriter()
    /// Whether one is to be written at the next boundary.
    var isPending = false
    /// The value that was judged last, and the update whose weights it is of.
    var judged: (value: Double, step: Int)?
    var lastSave = ContinuousClock.now
    /// The update that was saved last, or after which the run began.
    var lastSavedStep = 0
    /// Whether a checkpoint had the state of this.
    var isRestored = false
    /// Whether what is to be written is the end of the run, that nothing else asks for.
    var isPendingLast = false
    /// What `willSave` decided.
    var planned: Plan?
    /// What was given to the writer last, which may wait there.
    var queued: Plan?
    /// Why saves in the background failed, as far as it has not been reported yet.
    var unreported: [any Error] = []
    /// Keeps other runs out of the folder while this one goes on.
    var lock: FolderLock?

    /// - Throws: `TrainingError` for options out of range, or that contradict each other.
    public init(
        _ target: Target, monitor: String = defaultMonitor, mode: Monitor.Mode = .auto, options: Options = Options()
    ) throws(TrainingError) {
        func fail(_ message: String) -> TrainingError { TrainingError(.invalidOption, "model_checkpoint: " + message) }
        self.target = target
        self.options = options
        self.monitor = try Monitor(monitor, mode: mode, for: "model_checkpoint")
        try options.every.check(for: "model_checkpoint")
        switch target {
        case .files(let text):
            guard text.hasSuffix(".safetensors") else {
                throw fail("the file name must end in .safetensors, got '\(text)'")
            }
            template = try FileNameTemplate(text, for: "model_checkpoint")
            guard !options.overwrites else { throw fail("'overwrite' goes with 'dir', not with a file name") }
        case .folder(let path, let keepLast, let keepBest):
            guard !path.isEmpty else { throw fail("'dir' is empty") }
            guard keepLast ?? 1 >= 1 else { throw fail("'keep_last' must be 1 or more, got \(keepLast ?? 0)") }
            guard keepBest >= 0 else { throw fail("'keep_best' must be 0 or more, got \(keepBest)") }
            guard !options.savesWeightsOnly else {
                throw fail("'save_weights_only' goes with a file name, not with 'dir'")
            }
            template = nil
        }
        numbers = FileNameNumbers(template)
        guard options.initialValueThreshold == nil || judges else {
            throw fail("'initial_value_threshold' goes with 'save_best_only' or 'keep_best'")
        }
        guard !options.savesBestOnly || options.every == .epochs(1) else {
            throw fail("with 'save_best_only' each new best is written when it is found; leave out 'every'")
        }
    }

    /// Whether the best matters.
    var judges: Bool {
        if case .folder(_, _, let keepBest) = target, keepBest > 0 { return true }
        return options.savesBestOnly
    }
}

extension ModelCheckpoint {
    public var name: String { "model_checkpoint" }

    public var identity: CallbackIdentity {
        switch target {
        case .files(let text): monitor.fileIdentity(name, text, details: "\(options.every)")
        case .folder(let path, _, _): monitor.fileIdentity(name, path, details: "\(options.every)")
        }
    }

    public var events: EventSet {
        EventSet([.trainBegin, .epochBegin, .epochEnd, .testEnd, .checkpoint, .trainEnd])
            .adding([.trainBatchEnd], if: options.every.isWithinEpochs || judges && numbers.needsBatches)
    }

    public func prepare(for run: Run) throws {
        writer.finish()
        _ = writer.takeFailures()
        (files, isPending, judged, planned, queued, unreported, lock) = ([], false, nil, nil, nil, [], nil)
        numbers.reset()
        (isRestored, isPendingLast, lastSave) = (false, false, .now)
        if judges { try monitor.prepare(for: run, initial: options.initialValueThreshold) }
        switch target {
        case .files(let text):
            try template?.check(FileNameNumbers.places.sorted() + run.quantities.map(\.name), for: name)
            try checkNameLength(run)
            guard !Folder.exists(text) else {
                throw CheckpointError(.unwritable, "is a folder, where a file is to be written", path: text)
            }
            // A folder with places in its name is not known yet.
            let parent = WholeFile.parts(of: text).folder
            if !parent.contains("{") { try CheckpointFolder(parent).prepare() }
        case .folder(let path, _, _):
            let folder = CheckpointFolder(path)
            try folder.prepare()
            guard FolderLock(path) != nil else { throw Self.inUse(folder) }
            // A resumed run knows whose they are when it has the state of this.
            if !run.isResumed { try refuseStrangers(in: folder) }
        }
    }

    public func onTrainBegin(_ logs: Logs, _ run: Run) throws -> Directive? {
        if case .folder(let path, let keepLast, _) = target {
            try takeOver(CheckpointFolder(path), keepLast: keepLast, in: run)
        }
        if !isRestored { lastSavedStep = run.step }
        return nil
    }

    public func onEpochBegin(_ epoch: Int, _ logs: Logs, _ run: Run) throws -> Directive? {
        numbers.beginEpoch()
        return nil
    }

    public func onTrainBatchEnd(_ batch: Int, _ logs: Logs, _ run: Run) throws -> Directive? {
        numbers.take(batch: logs)
        guard !options.savesBestOnly else { return nil }
        if options.every.isDue(after: run, since: lastSave) { isPending = true }
        return nil
    }

    public func onTestEnd(_ logs: Logs, _ run: Run) throws -> Directive? {
        guard run.isTraining, !run.isFailing else { return nil }
        numbers.take(validation: logs)
        judge(monitor.value(at: .testEnd, logs, run), run)
        return nil
    }

    public func onEpochEnd(_ epoch: Int, _ logs: Logs, _ run: Run) throws -> Directive? {
        numbers.take(epoch: logs)
        if judges { judge(monitor.value(at: .epochEnd, logs, run), run) }
        return nil
    }

    public func onCheckpoint(_ epoch: Int, _ logs: Logs, _ run: Run) throws -> Directive? {
        if !options.savesBestOnly, run.batchesTrained > 0, options.every.isDue(atEndOf: epoch) { isPending = true }
        return nil
    }

    public func onTrainEnd(_ logs: Logs, _ run: Run) throws -> Directive? {
        writer.finish()
        lock = nil
        try reportFailures(run)
        return nil
    }

    private func judge(_ value: Double?, _ run: Run) {
        guard judges, let value else { return }
        judged = (value, run.step)
        // What has been written after this very update has the weights that were judged.
        if let last = files.indices.last, files[last].step == run.step { files[last].value = value }
        // With the best ones kept, a new best is worth a file of its own whatever `every` says.
        if monitor.improves(value) { isPending = true }
    }
}
