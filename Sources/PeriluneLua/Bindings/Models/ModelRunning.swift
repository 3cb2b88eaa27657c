internal import PeriluneLuaRuntime
internal import PeriluneTrain

extension LuaModel {
    /// Runs a fit, evaluation or prediction: callbacks see this model, the host may interrupt, and errors come out with
    /// the place in the script that caused them.
    func running<Result>(
        _ trainer: Trainer, _ callbacks: [any Callback], in state: LuaState, training: Bool,
        _ body: ([any Callback]) throws -> Result
    ) throws -> Result {
        let hooks = state.runHooks
        let callbacks = callbacks + (training ? hooks.scripts + hooks.callbacks : [])
        let watcher = RunWatcher(self, in: state, hooks: hooks, isTraining: training)
        // An event that starts a run may take no longer for that.
        if state.hasTimeLimit { watcher.checkStop = { [unowned state] in try state.checkStop() } }
        if let message = hooks.message { trainer.message = message }
        hooks.willRun?(trainer.interrupts)
        defer {
            watcher.end()
            hooks.didRun?()
        }
        if training { stopTraining = false }
        do {
            // The events of a training have limits of their own. An evaluation is a part of the script's statements,
            // which could otherwise go on for ever by one after the other.
            guard training else { return try body([watcher] + callbacks) }
            return try state.withClockStopped { try body([watcher] + callbacks) }
        } catch let error as TrainingError {
            throw CallbackFault.located(error, callbacks + watcher.added)
        }
    }
}

/// Comes first among the callbacks of a run, and tells the session that the run is there. Keeps in checkpoints what is
/// the Lua state's own, and no one callback's: where its random numbers are.
final class RunWatcher: Callback {
    private let model: LuaModel
    private weak var state: LuaState?
    private let session: Session
    private let hooks: RunHooks
    private let isTraining: Bool
    private var begun: LuaRun?
    private weak var outer: LuaRun?
    private let outerObject: AnyObject?

    init(_ model: LuaModel, in state: LuaState, hooks: RunHooks, isTraining: Bool) {
        self.model = model
        self.state = state
        session = state.session
        self.hooks = hooks
        self.isTraining = isTraining
        outer = model.run
        outerObject = hooks.current
    }

    var name: String { "run" }
    var roles: [CallbackRole] { [.servesLoop] }
    /// Throws where the script that started the run has to end.
    var checkStop: (() throws -> Void)?

    var events: EventSet { checkStop == nil ? [] : [.trainBatchEnd, .testBatchEnd, .predictBatchEnd] }

    func enter(_ run: Run) throws {
        let begun = LuaRun(run, model, self)
        self.begun = begun
        session.runs.append(begun)
        // An evaluation within a fit leaves the fit in charge of the model.
        if isTraining || model.run == nil { model.run = begun }
        hooks.current = begun
        try model.prepare(training: isTraining, in: session)
    }

    func handle(_ event: Event, _ context: EventContext) throws -> Directive? {
        try checkStop?()
        return nil
    }

    var savedState: StateValue { isTraining ? state?.randomPosition ?? .null : .null }
    func restore(_ saved: StateValue, in run: Run) { state?.setRandomPosition(saved) }

    /// Callbacks that joined while the run went on.
    var added: [any Callback] = []

    /// The run is over, whichever way.
    func end() {
        session.runs.removeAll { $0 === begun }
        model.run = outer
        hooks.current = outerObject
        model.stopTraining = false
    }
}
