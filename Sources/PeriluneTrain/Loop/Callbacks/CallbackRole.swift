/// What a callback does for a run besides answering events.
///
/// A callback tells of its roles itself, and one that holds others has theirs: so what a run needs to know of a saver
/// it knows of one in a file, behind a filter or under a name, too.
public enum CallbackRole {
    /// Writes checkpoints between batches and between epochs.
    case savesCheckpoints(any CheckpointSaver)
    /// Keeps a folder of checkpoints that a fit goes on from by itself.
    case backsUp(folder: String)
    /// Keeps an average of the weights, which stands in for them when they are validated.
    case averagesWeights(any WeightAverager)
    /// Sets the learning rate of each step, which one alone can.
    case holdsRate(any Callback)
    /// Looks at gradients in some epochs only; tells whether it does in one.
    case readsGradients(inEpoch: (Int) -> Bool)
    /// Takes the time of the others.
    case timesOthers(CallbackTimer)
    /// Writes numbers of these names to the logs of epochs, if not to those of each.
    case announcesLogs(() -> [String])
    /// Keeps a record of the run in a file, or elsewhere, which it opens at the beginning and closes at the end.
    case recordsRun
    /// Shows how far the run is.
    case showsProgress
    /// Has a text for the end of the line that shows how far the run is; nil while there is none.
    case notesProgress(() -> String?)
    /// Serves the loop, and not the user: lists for people leave it out.
    case servesLoop
}

extension CallbackRole {
    var saver: (any CheckpointSaver)? { if case .savesCheckpoints(let saver) = self { saver } else { nil } }
    var backupFolder: String? { if case .backsUp(let folder) = self { folder } else { nil } }
    var averager: (any WeightAverager)? { if case .averagesWeights(let averager) = self { averager } else { nil } }
    var rateHolder: (any Callback)? { if case .holdsRate(let holder) = self { holder } else { nil } }
    var gradientReader: ((Int) -> Bool)? { if case .readsGradients(let reads) = self { reads } else { nil } }
    var timer: CallbackTimer? { if case .timesOthers(let timer) = self { timer } else { nil } }
    package var announced: (() -> [String])? { if case .announcesLogs(let names) = self { names } else { nil } }
    var progressNote: (() -> String?)? { if case .notesProgress(let text) = self { text } else { nil } }
    var showsProgress: Bool { if case .showsProgress = self { true } else { false } }

    /// Whether the callback is none of the user's.
    package var servesLoop: Bool { if case .servesLoop = self { true } else { false } }
}

extension Run {
    /// The roles of all callbacks of the run, in the order in which they are asked.
    var roles: [CallbackRole] { callbacks.flatMap(\.roles) }
}

extension Callback {
    /// The callback and all that it holds, itself first.
    package var withHosted: [any Callback] { [self] + hosted.flatMap(\.withHosted) }
}
