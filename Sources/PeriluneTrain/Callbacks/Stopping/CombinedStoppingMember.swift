/// One of the callbacks of a `CombinedStopping`: what it wants but a stop is done, a stop is kept as a wish.
final class CombinedStoppingMember: Callback {
    let callback: any Callback
    /// What the callback wanted first; nil where it has not wanted to stop yet.
    private(set) var wish: Wish.Stop?
    /// Whether it has wanted to stop since this was set to false.
    var hasWished = false

    init(_ callback: any Callback) { self.callback = callback }

    var name: String { callback.name }
    var identity: CallbackIdentity { callback.identity }
    var hosted: [any Callback] { [callback] }
    var report: [String: StateValue] { callback.report }

    var events: EventSet { callback.events }
    func refresh(for run: Run) -> Bool { callback.refresh(for: run) }

    func prepare(for run: Run) throws {
        (wish, hasWished) = (nil, false)
        try callback.prepare(for: run)
    }

    func handle(_ event: Event, _ context: EventContext) throws -> Directive? {
        // In an evaluation each stops for itself, and the wishes of the fit stay.
        guard context.run.isTraining else { return try callback.handle(event, context) }
        let pending = context.run.requests.stop
        let directive = try callback.handle(event, context)
        if context.run.requests.stop != pending {
            note(context.run.requests.stop)
            context.run.requests.stop = pending
        }
        guard let directive, let stop = directive.stop else { return directive }
        try directive.check(at: event, in: context.run)
        note(stop)
        return directive.withoutStops()
    }

    private func note(_ stop: Wish.Stop?) {
        guard let stop else { return }
        hasWished = true
        wish = wish.map { Wish.Stop(reason: $0.reason, now: $0.now || stop.now) } ?? stop
    }

    var savedState: StateValue {
        get throws {
            let state = try callback.savedState
            guard wish != nil || state != .null else { return .null }
            let kept: StateValue =
                wish.map { stop in
                    ["reason": stop.reason.map { .text($0) } ?? .null, "now": .boolean(stop.now)]
                } ?? .null
            return ["wish": kept, "state": state]
        }
    }

    func restore(_ state: StateValue, in run: Run) throws {
        wish = state["wish"]?.record.map {
            Wish.Stop(reason: $0["reason"]?.text, now: $0["now"]?.boolean ?? false)
        }
        if let state = state["state"], state != .null { try callback.restore(state, in: run) }
    }

    func restoreAverage(_ state: StateValue, in run: Run) throws {
        if let state = state["state"], state != .null { try callback.restoreAverage(state, in: run) }
    }
}
