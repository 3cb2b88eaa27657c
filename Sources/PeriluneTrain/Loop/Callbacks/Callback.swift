public import PeriluneItems

/// Watches a run and steers it.
///
/// Callbacks are asked in the order of the list at every event; history, progress bar and savers come last. Implement
/// the convenient methods (`onEpochEnd` and so on), or `handle` where one function serves all events. An object may
/// serve several fits: `prepare` resets it at the start of each. Evaluations and predictions leave it as it is.
public protocol Callback: AnyObject {
    /// The name in error messages.
    var name: String { get }

    /// What tells this callback from others of its kind, for checkpoints. By default its name alone.
    var identity: CallbackIdentity { get }

    /// Where this callback stands in the list. One that holds others stands where the last of them would.
    var order: CallbackOrder { get }

    /// The callbacks that this one asks on behalf of the run, so that they are not in the list themselves. What they
    /// can do for a run, this one can.
    var hosted: [any Callback] { get }

    /// How deep callbacks are nested here. A callback that holds others refuses those that are nested too much.
    var nesting: Nesting { get }

    /// What the callback does for a run besides answering events. By default what those do that it holds.
    var roles: [CallbackRole] { get }

    /// The events at which to be asked. Looked at when a run starts, and after `refresh` said so: an event that no
    /// callback listens to costs nothing. By default all but `backwardEnd`, which takes the fused training step apart.
    var events: EventSet { get }

    /// A run begins that is to ask this callback: a fit, or an evaluation or prediction, maybe one within a fit. What
    /// belongs to a fit is not touched here.
    /// - Throws: what makes the run impossible.
    func enter(_ run: Run) throws

    /// Called before a fit's first event, after `enter`: forget earlier fits, and find what cannot work. Evaluations
    /// and predictions are no fits.
    /// - Throws: what makes the fit impossible, for instance a monitor that does not exist.
    func prepare(for run: Run) throws

    /// The run is over, whichever way.
    func leave(_ run: Run)

    /// Called before a run and before each of its epochs, ahead of their events. A callback that can change while a
    /// run goes on, because it comes from a file that is edited, does so here.
    /// - Returns: whether it may listen to other events now.
    func refresh(for run: Run) -> Bool

    /// The event happened.
    /// - Returns: what to do, or nil.
    /// - Throws: whatever should end the run; the error reaches the caller of fit with this callback's name.
    func handle(_ event: Event, _ context: EventContext) throws -> Directive?

    /// What the callback tells about its last run, for scripts and people to read.
    var report: [String: StateValue] { get }

    /// What a checkpoint keeps of this callback; `.null` for nothing.
    /// - Throws: where there is something that no file can hold.
    var savedState: StateValue { get throws }

    /// Goes back to a state of an earlier run: after `prepare`, and once more after `trainBegin`, so that what is set
    /// up there does not count.
    func restore(_ state: StateValue, in run: Run) throws

    /// Goes back to the average of the weights alone that a state of this callback has, where it keeps one.
    func restoreAverage(_ state: StateValue, in run: Run) throws

    /// Where the function for `event` is written, of the callback here that is called `name`; nil for one of no script.
    func place(_ name: String, _ event: Event) -> ScriptPlace?

    func onTrainBegin(_ logs: Logs, _ run: Run) throws -> Directive?
    func onTrainEnd(_ logs: Logs, _ run: Run) throws -> Directive?
    func onEpochBegin(_ epoch: Int, _ logs: Logs, _ run: Run) throws -> Directive?
    func onEpochEnd(_ epoch: Int, _ logs: Logs, _ run: Run) throws -> Directive?
    func onTrainBatchBegin(_ batch: Int, _ logs: Logs, _ run: Run) throws -> Directive?
    func onTrainBatchEnd(_ batch: Int, _ logs: Logs, _ run: Run) throws -> Directive?
    func onBackwardEnd(_ batch: Int, _ logs: Logs, _ run: Run) throws -> Directive?
    func onTestBegin(_ logs: Logs, _ run: Run) throws -> Directive?
    func onTestEnd(_ logs: Logs, _ run: Run) throws -> Directive?
    func onTestBatchBegin(_ batch: Int, _ logs: Logs, _ run: Run) throws -> Directive?
    func onTestBatchEnd(_ batch: Int, _ logs: Logs, _ run: Run) throws -> Directive?
    func onPredictBegin(_ logs: Logs, _ run: Run) throws -> Directive?
    func onPredictEnd(_ logs: Logs, _ run: Run) throws -> Directive?
    func onPredictBatchBegin(_ batch: Int, _ logs: Logs, _ run: Run) throws -> Directive?
    func onPredictBatchEnd(_ batch: Int, _ logs: Logs, _ run: Run) throws -> Directive?
    func onCheckpoint(_ epoch: Int, _ logs: Logs, _ run: Run) throws -> Directive?
    func onException(_ message: String, _ run: Run) throws -> Directive?
}

/// Groups of callbacks; within one, the order of the list counts.
public enum CallbackOrder: Int, Hashable, Sendable, Comparable, CaseIterable {
    case user, history, progress, saver

    public static func < (a: CallbackOrder, b: CallbackOrder) -> Bool { a.rawValue < b.rawValue }
}
