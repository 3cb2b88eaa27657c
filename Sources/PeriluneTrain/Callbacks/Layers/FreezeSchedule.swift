/// Freezes layers for some epochs, by patterns of their names.
///
/// At the beginning of an epoch it freezes the layers whose epochs begin and lets those train again whose epochs are
/// over. What is frozen when the run ends trains again in the next, unless it was frozen before.
public final class FreezeSchedule: Callback {
    public let name: String
    private let epochs: LayerPatterns<ClosedRange<Int>>
    /// Layers that this callback holds frozen, sorted; and those among them that were not frozen before.
    public private(set) var frozen: [String] = []
    private var ours: Set<String> = []

    /// - Parameter epochs: the epochs, from 1, through which layers of these names stay as they are.
    /// - Throws: `TrainingError` for an epoch below 1.
    public convenience init(_ epochs: [String: ClosedRange<Int>]) throws(TrainingError) {
        for (pattern, range) in epochs.sorted(by: { $0.key < $1.key }) where range.lowerBound < 1 {
            throw TrainingError(
                .invalidOption,
                "freeze_schedule: 'from' of '\(pattern)' must be a whole number of 1 or more, got \(range.lowerBound)")
        }
        try self.init("freeze_schedule", epochs)
    }

    /// Layers that train from an epoch on, and stay as they are before it.
    /// - Parameter unfreezing: the first epoch, from 1, in which layers of these names train.
    /// - Throws: `TrainingError` for an epoch below 1.
    public convenience init(unfreezing: [String: Int]) throws(TrainingError) {
        for (pattern, epoch) in unfreezing.sorted(by: { $0.key < $1.key }) where epoch < 1 {
            throw TrainingError(
                .invalidOption, "unfreeze: the epoch for '\(pattern)' must be a whole number of 1 or more, got \(epoch)"
            )
        }
        // Up to epoch 0 is never.
        try self.init("unfreeze", unfreezing.mapValues { $0 > 1 ? 1...($0 - 1) : 0...0 })
    }

    private init(_ name: String, _ epochs: [String: ClosedRange<Int>]) throws(TrainingError) {
        self.name = name
        self.epochs = LayerPatterns(epochs)
        guard !epochs.isEmpty else { throw TrainingError(.invalidOption, "\(name): no layers are given") }
    }
}

extension FreezeSchedule {
    public var identity: CallbackIdentity { CallbackIdentity(kind: name, details: epochs.text) }

    public var events: EventSet { [.epochBegin, .trainEnd] }

    public func prepare(for run: Run) throws {
        (frozen, ours) = ([], [])
        try epochs.check(run.engine.layerNames, for: name)
    }

    public func onEpochBegin(_ epoch: Int, _ logs: Logs, _ run: Run) throws -> Directive? {
        let wanted = Set(run.engine.layerNames.filter { epochs[$0]?.contains(epoch) == true })
        let held = Set(frozen)
        guard wanted != held else { return nil }
        let before = Set(run.engine.frozenLayers)
        frozen = wanted.sorted()
        ours.formIntersection(wanted)
        ours.formUnion(wanted.subtracting(held).subtracting(before))
        let freezes = wanted.subtracting(held).sorted().map { Wish.freeze($0) }
        return Directive(freezes + held.subtracting(wanted).sorted().map { .unfreeze($0) })
    }

    public func onTrainEnd(_ logs: Logs, _ run: Run) throws -> Directive? {
        for layer in ours.sorted() { run.engine.setFrozen(false, layersMatching: layer) }
        (frozen, ours) = ([], [])
        return nil
    }

    public var report: [String: StateValue] { ["frozen": .init(frozen)] }

    public var savedState: StateValue { ["frozen": .init(frozen), "ours": .init(ours.sorted())] }

    public func restore(_ state: StateValue, in run: Run) {
        frozen = state["frozen"]?.texts ?? []
        ours = Set(state["ours"]?.texts ?? [])
    }
}
