import Glibc
public import PeriluneItems

/// Lets a run that was killed be started again as it was: fit goes on from the newest checkpoint in the folder.
///
/// Arguments of Keras's `BackupAndRestore` (https://keras.io/api/callbacks/backup_and_restore/). Different from Keras:
/// the run goes on at the very batch, with the state of all callbacks; and the checkpoints go only when the run has
/// finished, not when it was stopped, as by a NaN.
public final class BackupAndRestore: CheckpointSaver {
    public static let declaration = CallbackDeclaration(
        "backup_and_restore", try BackupAndRestore("backup"),
        positional: [.required("backup_dir", \.folder, .string, aliases: ["dir"], "the folder for the checkpoints")],
        options: [
            .optional(
                "save_freq", \.every, .saveFrequency, "how often: each epoch, or each n-th update of the weights"),
            .optional(
                "double_checkpoint", \.keepsTwo, .boolean,
                "whether the one before the last stays too, for when the last is damaged"),
            .optional(
                "delete_checkpoint", \.deletesCheckpoints, .boolean,
                "whether to remove them when the run has come to its end; one that was stopped, interrupted or failed "
                    + "keeps them"),
        ],
        help: """
            Lets a run be started again after a crash with the same command: it goes on where it was.
            Whole checkpoints, in a folder of its own.
            lune.backup_and_restore("runs/backup", { save_freq = 500 })
            """
    ) {
        try BackupAndRestore(
            $0.opened($0[\.folder], for: .write, "backup_dir"), every: $0[\.every], keepsTwo: $0[\.keepsTwo],
            deletesCheckpoints: $0[\.deletesCheckpoints])
    }

    public let folder: String
    /// Whether the checkpoint before the last stays too.
    public let keepsTwo: Bool
    public let deletesCheckpoints: Bool
    private let saver: ModelCheckpoint

    /// - Parameter keepsTwo: whether the checkpoint before the last stays too, for when the last one is damaged.
    /// - Throws: `TrainingError` for an empty folder name or a frequency out of range.
    public init(
        _ folder: String, every: Frequency = .epochs(1), keepsTwo: Bool = true, deletesCheckpoints: Bool = true
    ) throws(TrainingError) {
        guard !folder.isEmpty else {
            throw TrainingError(.invalidOption, "backup_and_restore: 'backup_dir' is empty")
        }
        self.folder = folder
        self.keepsTwo = keepsTwo
        self.deletesCheckpoints = deletesCheckpoints
        var options = ModelCheckpoint.Options()
        options.every = every
        // What an earlier run left is gone on from, or is of no use.
        options.overwrites = true
        saver = try ModelCheckpoint(.folder(folder, keepLast: keepsTwo ? 2 : 1, keepBest: 0), options: options)
    }

    public var name: String { "backup_and_restore" }
    public var every: Frequency { saver.options.every }
    public var identity: CallbackIdentity { .file(kind: name, folder) }
    public var roles: [CallbackRole] { [.savesCheckpoints(self), .backsUp(folder: folder)] }
    public var isDue: Bool { saver.isDue }
    public var writesLater: Bool { saver.writesLater }
    public var events: EventSet { saver.events }
    public func prepare(for run: Run) throws { try saver.prepare(for: run) }
    public func notice(_ occasion: SaveOccasion, in run: Run) {
        // What would be removed at once need not be written.
        guard occasion != .end || !deletesCheckpoints || run.isStopping else { return }
        saver.notice(occasion, in: run)
    }
    public func willSave(in run: Run) throws { try saver.willSave(in: run) }
    public func save(_ checkpoint: Checkpoint, in run: Run) throws { try saver.save(checkpoint, in: run) }
    public var report: [String: StateValue] { saver.report }
    public var savedState: StateValue { saver.savedState }
    public func restore(_ state: StateValue, in run: Run) { saver.restore(state, in: run) }

    public func handle(_ event: Event, _ context: EventContext) throws -> Directive? {
        let directive = try saver.handle(event, context)
        if event == .trainEnd, deletesCheckpoints, context.run.endReason == .finished {
            let checkpoints = CheckpointFolder(folder)
            for step in checkpoints.steps { unlink(checkpoints.file(step: step)) }
            rmdir(folder)
        }
        return directive
    }
}
