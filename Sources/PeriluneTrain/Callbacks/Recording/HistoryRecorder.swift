public import PeriluneItems

/// Records the history of each fit that it takes part in, after the callbacks of the user. Every fit has one.
public final class HistoryRecorder: Callback {
    public static let declaration = CallbackDeclaration(
        "history", HistoryRecorder(),
        help: """
            Records the logs of each epoch. fit returns one anyway; this one can be looked at from elsewhere.
            lune.history()
            """
    ) { _ in HistoryRecorder() }

    /// What was recorded so far.
    public package(set) var history: History

    public init() { history = History() }

    /// One that shows what an earlier fit recorded.
    package init(_ history: History) { self.history = history }
}

extension HistoryRecorder {
    public var name: String { "history" }
    public var order: CallbackOrder { .history }
    public var roles: [CallbackRole] { [.servesLoop] }
    public var events: EventSet { [.epochEnd, .testEnd] }

    public func prepare(for run: Run) { history = History() }

    public func onEpochEnd(_ epoch: Int, _ logs: Logs, _ run: Run) -> Directive? {
        guard !run.isFailing, run.batchesTrained > 0 else { return nil }
        history.epochs.append(epoch)
        logs.forEach { name, value in
            if name != "epoch" { history.append(value, to: name) }
        }
        return nil
    }

    public func onTestEnd(_ logs: Logs, _ run: Run) -> Directive? {
        guard run.isTraining, !run.isFailing else { return nil }
        history.validations.append(
            History.Validation(epoch: run.epoch, step: run.step, names: logs.names, values: logs.values))
        return nil
    }
}
