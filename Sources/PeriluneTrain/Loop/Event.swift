import PeriluneGraph
import PeriluneItems

/// A moment of a run at which callbacks are asked.
///
/// Order within `fit`: train begin, then for each epoch its begin, the batches (begin, backward end, end), validation
/// (the test events), epoch end and checkpoint; train end last. Every begin has its end, whatever happens in between.
public enum Event: Int, Hashable, Sendable, CaseIterable {
    case trainBegin
    case epochBegin
    case trainBatchBegin
    /// Gradients are complete and the optimizer has not used them yet. Listening to it splits the fused training step.
    case backwardEnd
    case trainBatchEnd
    case testBegin
    case testBatchBegin
    case testBatchEnd
    case testEnd
    case epochEnd
    /// After every stopper has updated its state: the moment to save.
    case checkpoint
    case trainEnd
    /// Something failed. The matching end events have run; train end follows.
    case exception
    case predictBegin
    case predictBatchBegin
    case predictBatchEnd
    case predictEnd
}

extension Event {
    /// The name of a callback's function for this event: `on_epoch_end`.
    public var name: String {
        switch self {
        case .trainBegin: "on_train_begin"
        case .epochBegin: "on_epoch_begin"
        case .trainBatchBegin: "on_train_batch_begin"
        case .backwardEnd: "on_backward_end"
        case .trainBatchEnd: "on_train_batch_end"
        case .testBegin: "on_test_begin"
        case .testBatchBegin: "on_test_batch_begin"
        case .testBatchEnd: "on_test_batch_end"
        case .testEnd: "on_test_end"
        case .epochEnd: "on_epoch_end"
        case .checkpoint: "on_checkpoint"
        case .trainEnd: "on_train_end"
        case .exception: "on_exception"
        case .predictBegin: "on_predict_begin"
        case .predictBatchBegin: "on_predict_batch_begin"
        case .predictBatchEnd: "on_predict_batch_end"
        case .predictEnd: "on_predict_end"
        }
    }

    /// What a function for this event is called with, besides the logs and the run.
    public enum Argument: Hashable, Sendable {
        case none, epoch, batch, message
    }

    /// The first argument of a function for this event.
    public var argument: Argument {
        switch self {
        case .trainBegin, .trainEnd, .testBegin, .testEnd, .predictBegin, .predictEnd: .none
        case .epochBegin, .epochEnd, .checkpoint: .epoch
        case .trainBatchBegin, .backwardEnd, .trainBatchEnd, .testBatchBegin, .testBatchEnd, .predictBatchBegin,
            .predictBatchEnd:
            .batch
        case .exception: .message
        }
    }

    /// Names that mean another event, as Keras has them.
    public static let aliases = ["on_batch_begin": Event.trainBatchBegin, "on_batch_end": Event.trainBatchEnd]

    /// Every accepted name, events in the order of a run, then the aliases.
    public static let names = allCases.map(\.name) + aliases.keys.sorted()

    /// The event of that name, with or without the leading `on_`.
    /// - Throws: `TrainingError` with the nearest name where no event is called so.
    public init(named name: String) throws(TrainingError) {
        let full = name.hasPrefix("on_") ? name : "on_" + name
        if let event = Event.allCases.first(where: { $0.name == full }) ?? Event.aliases[full] {
            self = event
            return
        }
        let hint = NearestName.hint(full, among: Event.names)
        throw TrainingError(
            .unknownEvent,
            hint.isEmpty
                ? "unknown event '\(name)'; events are \(Event.names.joined(separator: ", "))"
                : "unknown event '\(name)'\(hint)")
    }
}

extension Event: CustomStringConvertible {
    public var description: String { name }
}
