public import PeriluneItems

/// Stops where one of several callbacks wants to, or where all of them have wanted to.
///
/// A wish is remembered from when it was made to the end of the run: with `all`, one callback may have wanted to stop
/// in epoch 3 and the last one in epoch 7. A callback that sets `stop_training` or calls the run's `stop` makes a wish
/// too. Whatever else the callbacks want is done as if they stood in the list themselves. Savers and logs, which come
/// after other callbacks and never stop a run, have no say.
public final class CombinedStopping: Callback {
    public enum Rule: String, Hashable, Sendable, CaseIterable {
        case any
        case all
    }

    public let rule: Rule
    /// The callbacks asked, in this order.
    public var callbacks: [any Callback] { members.map(\.callback) }
    private let members: [CombinedStoppingMember]
    private var list: CallbackList
    /// Found once: to walk what is nested too much takes too long.
    public let nesting: Nesting

    /// - Throws: `TrainingError` where none of the callbacks can stop a run, or they are nested too much.
    public init(_ rule: Rule, _ callbacks: [any Callback]) throws(TrainingError) {
        guard let first = callbacks.first else {
            throw TrainingError(.invalidOption, "\(rule.rawValue): at least one callback is needed")
        }
        nesting = Nesting(holding: callbacks.map(\.nesting))
        if let fault = nesting.fault {
            throw TrainingError(.invalidOption, "\(rule.rawValue): callbacks are \(fault)")
        }
        guard callbacks.contains(where: { $0.order == .user }) else {
            throw TrainingError(
                .invalidOption,
                "\(rule.rawValue): '\(first.name)' does not stop runs; it goes into the list of callbacks itself")
        }
        self.rule = rule
        members = callbacks.map { CombinedStoppingMember($0) }
        list = CallbackList(members)
    }
}

extension CombinedStopping {
    public var name: String { rule.rawValue }
    public var hosted: [any Callback] { callbacks }

    public var identity: CallbackIdentity {
        CallbackIdentity(kind: name, details: callbacks.map(\.identity.text).sorted().joined(separator: ", "))
    }

    /// The names of the callbacks that have wanted to stop.
    public var stoppers: [String] { members.filter { $0.wish != nil }.map(\.name) }

    public var events: EventSet { list.events }

    public func prepare(for run: Run) throws { try list.prepare(for: run) }

    public func refresh(for run: Run) -> Bool {
        guard list.refresh(for: run) else { return false }
        list = CallbackList(members)
        return true
    }

    public func handle(_ event: Event, _ context: EventContext) throws -> Directive? {
        for index in members.indices { members[index].hasWished = false }
        let merger = try list.send(context, logsAreReadLater: context.logsAreReadLater)
        if let interruption = merger?.interruption { throw interruption }
        for remark in merger?.remarks ?? [] { context.run.say("\(event): \(remark)") }
        guard members.contains(where: \.hasWished), let stop = verdict else { return merger?.merged }
        return Directive([.stop(stop)] + (merger?.merged.wishes ?? []))
    }

    /// The stop that the rule makes of the wishes.
    private var verdict: Wish.Stop? {
        let wanted = members.compactMap { member in
            member.wish.map { Wish.Stop(reason: $0.reason ?? "\(member.name) wanted to stop", now: $0.now) }
        }
        switch rule {
        case .any: return wanted.first
        case .all:
            guard members.allSatisfy({ $0.wish != nil || $0.order > .user }) else { return nil }
            return Wish.Stop(
                reason: wanted.compactMap(\.reason).joined(separator: "; "), now: wanted.contains(where: \.now))
        }
    }

    public var report: [String: StateValue] { ["wishes": .init(stoppers)] }
    public var savedState: StateValue { get throws { try list.captureStates() } }
    public func restore(_ state: StateValue, in run: Run) throws { try list.restoreStates(state, in: run) }
    public func restoreAverage(_ state: StateValue, in run: Run) throws { try list.restoreAverages(state, in: run) }
}

extension CallbackDeclaration {
    /// The declaration of the callbacks that combine others by a rule.
    init(combining rule: CombinedStopping.Rule, help: String) {
        self.init(
            rule.rawValue, try CombinedStopping(rule, [TerminateOnNaN()]),
            positional: [
                .required(
                    "callbacks", \.callbacks, .callbacks,
                    "a list of callbacks; savers and logs among them have no say")
            ], help: help, isDescribed: { $0.rule == rule }
        ) { try CombinedStopping(rule, $0[\.callbacks]) }
    }
}

extension OptionForm where Value == [any Callback] {
    /// Callbacks that were made before, or descriptions of some.
    fileprivate static var callbacks: Self {
        Self(.callbacks) { callbacks in
            let items = callbacks.compactMap { CallbackCatalogue.describe($0) }
            return items.count == callbacks.count ? .list(items.map { .item($0) }) : nil
        } read: { input in
            var callbacks: [any Callback] = []
            for element in input.elements {
                switch element {
                case .made(let callback as any Callback): callbacks.append(callback)
                case .value(.text(let name)): callbacks.append(try CallbackCatalogue.named(name))
                case .value(.item(let description)): callbacks.append(try CallbackCatalogue.make(description))
                case .made, .value, .list: return nil
                }
            }
            return callbacks
        }
    }
}
