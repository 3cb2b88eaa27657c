internal import PeriluneTrain

extension LuaModel {
    /// Runs a fit, evaluation or prediction: callbacks see this model, the host may interrupt, and errors come out with
    /// the place in the script that caused them.
    func running<Result>(
        _ trainer: Trainer, _ callbacks: [any Callback], in state: LuaState, training: Bool,
        _ body: ([any Callback]) throws -> Result
    ) throws -> Result {
        let hooks = state.runHooks
        let session = state.session
        let callbacks = callbacks + (training ? hooks.callbacks : [])
        let watcher = RunWatcher(self, session: session, hooks: hooks, isTraining: training)
        // An event that starts a run may take no longer for that.
        if state.timeLimit != nil { watcher.checkStop = { [unowned state] in try state.checkStop() } }
        if let message = hooks.message { trainer.message = message }
        hooks.willRun?(trainer.interrupts)
        defer {
            watcher.end()
            hooks.didRun?()
        }
        if training { stopTraining = false }
        do {
            return try state.withClockStopped { try body([watcher] + callbacks) }
        } catch let error as TrainingError {
            throw CallbackFault.located(error, callbacks + watcher.added)
        }
    }
}

/// Comes first among the callbacks of a run, and tells the session that the run is there.
final class RunWatcher: Callback {
    private let model: LuaModel
    private let session: Session
    private let hooks: RunHooks
    private let isTraining: Bool
    private var begun: LuaRun?
    private weak var outer: LuaRun?
    private let outerObject: AnyObject?

    init(_ model: LuaModel, session: Session, hooks: RunHooks, isTraining: Bool) {
        self.model = model
        self.session = session
        self.hooks = hooks
        self.isTraining = isTraining
        outer = model.run
        outerObject = hooks.current
    }

    var name: String { "run" }
    /// Throws where the script that started the run has to end.
    var checkStop: (() throws -> Void)?

    func listens(to event: Event) -> Bool {
        switch event {
        case .trainBatchEnd, .testBatchEnd, .predictBatchEnd: checkStop != nil
        default: false
        }
    }

    func prepare(for run: Run) throws {
        let begun = LuaRun(run, model)
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

    /// Callbacks that joined while the run went on.
    var added: [any Callback] { begun?.added ?? [] }

    /// The run is over, whichever way.
    func end() {
        session.runs.removeAll { $0 === begun }
        model.run = outer
        hooks.current = outerObject
        model.stopTraining = false
    }
}
