/// What there is to know of an event. A new event is a case of `Event` and a line in `Event.traits`; the compiler then
/// asks for the method that answers it.
public struct EventTraits: Hashable, Sendable {
    /// What a function for the event is called with, besides the logs and the run.
    public enum Argument: Hashable, Sendable {
        case none, epoch, batch, message
    }

    /// What the run does when the event comes.
    public enum Phase: Hashable, Sendable {
        case training, evaluation, prediction
    }

    /// When a validation runs that a callback asks for.
    enum Validation: Hashable, Sendable {
        case atOnce, afterBatch, never
    }

    /// The name of a function for the event: `on_epoch_end`.
    public let name: String
    public let argument: Argument
    public let phase: Phase
    let validation: Validation
    /// Whether an epoch runs, which may be ended.
    let isWithinEpoch: Bool
    /// Whether checkpoints may be asked for, to be written or gone back to.
    let takesCheckpoints: Bool
}

extension Event {
    public var traits: EventTraits {
        switch self {
        case .trainBegin: of("on_train_begin", .none, .training, .atOnce, isWithinEpoch: false)
        case .epochBegin: of("on_epoch_begin", .epoch, .training, .atOnce)
        case .trainBatchBegin: of("on_train_batch_begin", .batch, .training, .afterBatch)
        case .backwardEnd: of("on_backward_end", .batch, .training, .afterBatch)
        case .trainBatchEnd: of("on_train_batch_end", .batch, .training, .afterBatch)
        case .testBegin: of("on_test_begin", .none, .evaluation)
        case .testBatchBegin: of("on_test_batch_begin", .batch, .evaluation)
        case .testBatchEnd: of("on_test_batch_end", .batch, .evaluation)
        case .testEnd: of("on_test_end", .none, .evaluation)
        case .epochEnd: of("on_epoch_end", .epoch, .training, .atOnce)
        case .checkpoint: of("on_checkpoint", .epoch, .training, isWithinEpoch: false)
        case .trainEnd: of("on_train_end", .none, .training, isWithinEpoch: false, takesCheckpoints: false)
        case .exception: of("on_exception", .message, .training, isWithinEpoch: false, takesCheckpoints: false)
        case .predictBegin: of("on_predict_begin", .none, .prediction, isWithinEpoch: false, takesCheckpoints: false)
        case .predictBatchBegin:
            of("on_predict_batch_begin", .batch, .prediction, isWithinEpoch: false, takesCheckpoints: false)
        case .predictBatchEnd:
            of("on_predict_batch_end", .batch, .prediction, isWithinEpoch: false, takesCheckpoints: false)
        case .predictEnd: of("on_predict_end", .none, .prediction, isWithinEpoch: false, takesCheckpoints: false)
        }
    }

    private func of(
        _ name: String, _ argument: EventTraits.Argument, _ phase: EventTraits.Phase,
        _ validation: EventTraits.Validation = .never, isWithinEpoch: Bool = true, takesCheckpoints: Bool = true
    ) -> EventTraits {
        EventTraits(
            name: name, argument: argument, phase: phase, validation: validation, isWithinEpoch: isWithinEpoch,
            takesCheckpoints: takesCheckpoints)
    }
}
