public import PeriluneItems

// A callback implements only what it wants.
extension Callback {
    public var name: String { String(describing: type(of: self)) }
    public var identity: CallbackIdentity { CallbackIdentity(kind: name) }
    public var order: CallbackOrder { hosted.map(\.order).max() ?? .user }
    public var hosted: [any Callback] { [] }
    public var nesting: Nesting { Nesting(holding: hosted.map(\.nesting)) }
    public var roles: [CallbackRole] { hosted.flatMap(\.roles) }
    public var events: EventSet { .all.subtracting([.backwardEnd]) }
    public func enter(_ run: Run) throws { for callback in hosted { try callback.enter(run) } }
    public func prepare(for run: Run) throws {}
    public func leave(_ run: Run) { for callback in hosted { callback.leave(run) } }
    public func refresh(for run: Run) -> Bool { false }
    public var report: [String: StateValue] { [:] }
    public var savedState: StateValue { get throws { .null } }
    public func restore(_ state: StateValue, in run: Run) throws {}
    public func restoreAverage(_ state: StateValue, in run: Run) throws {}

    public func place(_ name: String, _ event: Event) -> ScriptPlace? {
        hosted.lazy.compactMap { $0.place(name, event) }.first
    }

    public func handle(_ event: Event, _ context: EventContext) throws -> Directive? {
        let (logs, run) = (context.logs, context.run)
        return switch event {
        case .trainBegin: try onTrainBegin(logs, run)
        case .trainEnd: try onTrainEnd(logs, run)
        case .epochBegin: try onEpochBegin(run.epoch, logs, run)
        case .epochEnd: try onEpochEnd(run.epoch, logs, run)
        case .trainBatchBegin: try onTrainBatchBegin(run.batch, logs, run)
        case .backwardEnd: try onBackwardEnd(run.batch, logs, run)
        case .trainBatchEnd: try onTrainBatchEnd(run.batch, logs, run)
        case .testBegin: try onTestBegin(logs, run)
        case .testBatchBegin: try onTestBatchBegin(run.testBatch, logs, run)
        case .testBatchEnd: try onTestBatchEnd(run.testBatch, logs, run)
        case .testEnd: try onTestEnd(logs, run)
        case .checkpoint: try onCheckpoint(run.epoch, logs, run)
        case .exception: try onException(context.message, run)
        case .predictBegin: try onPredictBegin(logs, run)
        case .predictBatchBegin: try onPredictBatchBegin(run.testBatch, logs, run)
        case .predictBatchEnd: try onPredictBatchEnd(run.testBatch, logs, run)
        case .predictEnd: try onPredictEnd(logs, run)
        }
    }

    public func onTrainBegin(_ logs: Logs, _ run: Run) throws -> Directive? { nil }
    public func onTrainEnd(_ logs: Logs, _ run: Run) throws -> Directive? { nil }
    public func onEpochBegin(_ epoch: Int, _ logs: Logs, _ run: Run) throws -> Directive? { nil }
    public func onEpochEnd(_ epoch: Int, _ logs: Logs, _ run: Run) throws -> Directive? { nil }
    public func onTrainBatchBegin(_ batch: Int, _ logs: Logs, _ run: Run) throws -> Directive? { nil }
    public func onTrainBatchEnd(_ batch: Int, _ logs: Logs, _ run: Run) throws -> Directive? { nil }
    public func onBackwardEnd(_ batch: Int, _ logs: Logs, _ run: Run) throws -> Directive? { nil }
    public func onTestBegin(_ logs: Logs, _ run: Run) throws -> Directive? { nil }
    public func onTestEnd(_ logs: Logs, _ run: Run) throws -> Directive? { nil }
    public func onTestBatchBegin(_ batch: Int, _ logs: Logs, _ run: Run) throws -> Directive? { nil }
    public func onTestBatchEnd(_ batch: Int, _ logs: Logs, _ run: Run) throws -> Directive? { nil }
    public func onPredictBegin(_ logs: Logs, _ run: Run) throws -> Directive? { nil }
    public func onPredictEnd(_ logs: Logs, _ run: Run) throws -> Directive? { nil }
    public func onPredictBatchBegin(_ batch: Int, _ logs: Logs, _ run: Run) throws -> Directive? { nil }
    public func onPredictBatchEnd(_ batch: Int, _ logs: Logs, _ run: Run) throws -> Directive? { nil }
    public func onCheckpoint(_ epoch: Int, _ logs: Logs, _ run: Run) throws -> Directive? { nil }
    public func onException(_ message: String, _ run: Run) throws -> Directive? { nil }
}
