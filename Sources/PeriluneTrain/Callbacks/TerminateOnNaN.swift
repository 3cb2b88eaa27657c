/// Ends the run when the loss of a batch is NaN or infinite.
public final class TerminateOnNaN: Callback {
    /// Whether to throw instead of stopping in order.
    public let raisesError: Bool

    public init(raiseError: Bool = false) { raisesError = raiseError }

    public var name: String { "terminate_on_nan" }

    public func listens(to event: Event) -> Bool { event == .trainBatchEnd }

    public func onTrainBatchEnd(_ batch: Int, _ logs: Logs, _ run: Run) throws -> Directive? {
        guard let loss = logs["loss"], !loss.isFinite else { return nil }
        let message = "the loss of epoch \(run.epoch), batch \(batch) is \(loss)"
        guard !raisesError else { throw TrainingError(.invalidLoss, message) }
        return .stop(message)
    }
}
