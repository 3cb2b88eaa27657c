/// A callback that writes checkpoints. Savers are asked after all other callbacks, and write when everything that an
/// event brought about is done: what they keep is a place from which a run can go on exactly.
public protocol CheckpointSaver: Callback {
    /// Whether to write at the boundary that comes next. Looked at after every batch and epoch.
    var isDue: Bool { get }

    /// Whether `save` leaves the writing to a thread, for which the state is copied to memory that the run keeps.
    var writesLater: Bool { get }

    /// Something happened at which a saver may want to write at once, whatever else it waits for.
    func notice(_ occasion: SaveOccasion, in run: Run)

    /// Decides what to write where and notes it, so that the state about to be captured knows of it.
    func willSave(in run: Run) throws

    /// Writes; `isDue` is false afterwards.
    /// - Throws: what makes the run fail.
    func save(_ checkpoint: Checkpoint, in run: Run) throws

    /// The file of an earlier checkpoint, for going back to it; nil where there is none.
    func path(of source: Wish.Restore.Source) -> String?
}

/// What makes a saver write out of turn.
public enum SaveOccasion: Hashable, Sendable {
    /// Ctrl-C or a signal ends the run in order.
    case interruption
    /// The run fails. The checkpoint is of the last batch that was whole; callbacks may be between two events.
    case failure
    /// The run has ended in order: it has trained all its epochs, or a callback has stopped it.
    case end
}

extension CheckpointSaver {
    public var order: CallbackOrder { .saver }
    public var roles: [CallbackRole] { [.savesCheckpoints(self)] }
    public var writesLater: Bool { false }
    public func notice(_ occasion: SaveOccasion, in run: Run) {}
    public func path(of source: Wish.Restore.Source) -> String? { nil }
}
