/// Stops where one of several callbacks wants to, or where all of them have wanted to.
///
/// A wish is remembered from when it was made to the end of the run: with `all`, one callback may have wanted to stop in
/// epoch 3 and the last one in epoch 7. A callback that sets `stop_training` or calls the run's `stop` makes a wish too.
/// Whatever else the callbacks want is done as if they stood in the list themselves.
public final class CombinedStopping: Callback {
    public enum Rule: String, Hashable, Sendable, CaseIterable {
        case any
        case all
    }

    public let rule: Rule
    /// The callbacks asked, in this order.
    public let callbacks: [any Callback]
    private let list: CallbackList
    /// What each callback wanted first; nil where it has not wanted to stop yet.
    private var wishes: [Directive.Stop?]

    /// - Throws: `TrainingError` where there is no callback, or one that only works beside the others: a saver.
    public init(_ rule: Rule, _ callbacks: [any Callback]) throws(TrainingError) {
        guard !callbacks.isEmpty else {
            throw TrainingError(.invalidOption, "\(rule.rawValue): at least one callback is needed")
        }
        if let other = callbacks.first(where: { $0.order != .user }) {
            throw TrainingError(
                .invalidOption,
                "\(rule.rawValue): '\(other.name)' does not stop runs; it goes into the list of callbacks itself")
        }
        self.rule = rule
        self.callbacks = callbacks
        list = CallbackList(callbacks)
        wishes = callbacks.map { _ in nil }
    }
}

extension CombinedStopping {
    public var name: String { rule.rawValue }

    /// The names of the callbacks that have wanted to stop.
    public var stoppers: [String] { zip(callbacks, wishes).compactMap { $1 == nil ? nil : $0.name } }

    public func listens(to event: Event) -> Bool { callbacks.contains { $0.listens(to: event) } }

    public func prepare(for run: Run) throws {
        wishes = callbacks.map { _ in nil }
        try list.prepare(for: run)
    }

    public func refresh(for run: Run) -> Bool { callbacks.count { $0.refresh(for: run) } > 0 }

    public func handle(_ event: Event, _ context: EventContext) throws -> Directive? {
        var (merger, failure): (DirectiveMerger?, TrainingError?)
        var hasNews = false
        for index in callbacks.indices where callbacks[index].listens(to: event) {
            let callback = callbacks[index]
            let pending = context.run.pendingStop
            do {
                var directive = try callback.handle(event, context)
                if context.run.pendingStop != pending {
                    hasNews = note(context.run.pendingStop, of: index) || hasNews
                    context.run.pendingStop = pending
                }
                guard directive != nil else { continue }
                try directive?.check(at: event, in: context.run)
                hasNews = note(directive?.stop, of: index) || hasNews
                directive?.stop = nil
                guard let directive else { continue }
                for setting in directive.log { context.logs[setting.name] = setting.value }
                merger.made().add(directive, from: callback.name)
            } catch {
                let wrapped = TrainingError.wrapping(error, at: context, callback: callback.name)
                if failure == nil { failure = wrapped } else { failure?.suppressed.append(wrapped.description) }
            }
        }
        if let failure { throw failure }
        for remark in merger?.remarks ?? [] { context.run.say("\(event): \(remark)") }
        guard hasNews, let stop = verdict else { return merger?.merged }
        var result = merger?.merged ?? Directive()
        result.stop = stop
        return result
    }

    /// - Returns: whether this is a wish, and the rule has to be asked.
    private func note(_ stop: Directive.Stop?, of index: Int) -> Bool {
        guard let stop else { return false }
        wishes[index] = wishes[index].map { Directive.Stop(reason: $0.reason, now: $0.now || stop.now) } ?? stop
        return true
    }

    /// The stop that the rule makes of the wishes.
    private var verdict: Directive.Stop? {
        let wanted = zip(callbacks, wishes).compactMap { callback, wish in
            wish.map { Directive.Stop(reason: $0.reason ?? "\(callback.name) wanted to stop", now: $0.now) }
        }
        switch rule {
        case .any: return wanted.first
        case .all:
            guard wanted.count == callbacks.count else { return nil }
            return Directive.Stop(
                reason: wanted.compactMap(\.reason).joined(separator: "; "), now: wanted.contains(where: \.now))
        }
    }

    public var report: [String: StateValue] { ["wishes": .init(stoppers)] }

    public var savedState: StateValue {
        get throws {
            var saved: [String: StateValue] = [:]
            for (key, wish) in zip(list.keys, wishes) {
                guard let wish else { continue }
                saved[key] = ["reason": wish.reason.map { .text($0) } ?? .null, "now": .boolean(wish.now)]
            }
            return ["wishes": .record(saved), "callbacks": try list.captureStates()]
        }
    }

    public func restore(_ state: StateValue, in run: Run) throws {
        for (index, key) in list.keys.enumerated() {
            wishes[index] = state["wishes"]?[key].map {
                Directive.Stop(reason: $0["reason"]?.text, now: $0["now"]?.boolean ?? false)
            }
        }
        try list.restoreStates(state["callbacks"] ?? .null, in: run)
    }
}
