public import PeriluneItems

/// Freezes layers for some epochs, by patterns of their names.
///
/// At the beginning of an epoch it freezes the layers whose epochs begin and lets those train again whose epochs are
/// over. What is frozen when the run ends trains again in the next, unless it was frozen before.
public final class FreezeSchedule: Callback {
    public static let declaration = CallbackDeclaration(
        "freeze_schedule", try FreezeSchedule(["*": 1...1]),
        positional: [
            .required(
                "patterns", \.epochs.values, .epochsByLayer,
                "by patterns of layer names, the epochs through which they stay as they are")
        ],
        help: """
            Freezes layers for some epochs.
            lune.freeze_schedule { ["conv*"] = { from = 1, to = 3 } }
            """,
        isDescribed: { $0.name == "freeze_schedule" }
    ) { try FreezeSchedule($0[\.epochs.values]) }

    public let name: String
    /// Through which epochs layers stay as they are; 0...0 for none.
    let epochs: LayerPatterns<ClosedRange<Int>>
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

extension OptionForm where Value == [String: ClosedRange<Int>] {
    /// The first and the last epoch by patterns.
    fileprivate static var epochsByLayer: Self {
        let epoch = OptionForm<Int>.count(atLeast: 1)
        let range = ParameterType.record([
            .optional("from", epoch.type, default: 1, "the first epoch"),
            .optional("to", epoch.type, default: .shown("the last"), "the last epoch"),
        ])
        return Self(.map(range)) { ranges in
            .record(
                ranges.mapValues { range in
                    let last = range.upperBound == .max ? nil : range.upperBound
                    return .record(
                        ["from": .integer(range.lowerBound), "to": last.map { .integer($0) }].compactMapValues(\.self))
                })
        } read: { input in
            var ranges: [String: ClosedRange<Int>] = [:]
            for (pattern, input) in input.fields?.sorted(by: { $0.key < $1.key }) ?? [] {
                guard let fields = input.fields else { return nil }
                let from = try fields["from"].flatMap(epoch.read) ?? 1
                let to = try fields["to"].flatMap(epoch.read) ?? .max
                guard from <= to else {
                    throw OptionFault("'from' of '\(pattern)' is \(from), after 'to', which is \(to)")
                }
                ranges[pattern] = from...to
            }
            return input.fields == nil ? nil : ranges
        }
    }
}
