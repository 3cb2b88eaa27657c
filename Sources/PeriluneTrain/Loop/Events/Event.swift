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

// What there is to know of an event, told once in `traits`.
extension Event {
    /// The name of a callback's function for this event: `on_epoch_end`.
    public var name: String { traits.name }

    /// The first argument of a function for this event.
    public var argument: EventTraits.Argument { traits.argument }

    /// Whether the event is one of a batch, whose logs are used again for the next.
    var isOfBatch: Bool { traits.argument == .batch }

    /// Whether the event is one of training, and not of an evaluation or a prediction.
    var isTraining: Bool { traits.phase == .training }

    var isPrediction: Bool { traits.phase == .prediction }

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
