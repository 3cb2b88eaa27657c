/// Asks another callback only at the occurrences of one event that a filter lets through.
///
/// One that does something for the run besides, as a saver, an average of the weights or a log do, needs its other
/// events too: those come to it unfiltered.
public final class FilteredCallback: Callback {
    public let event: Event
    private var filter: EventFilter
    private let inner: any Callback

    public init(_ inner: any Callback, on event: Event, _ filter: EventFilter) {
        self.inner = inner
        self.event = event
        self.filter = filter
    }

    public var name: String { inner.name }
    public var hosted: [any Callback] { [inner] }
    public var identity: CallbackIdentity { inner.identity }
    public var report: [String: StateValue] { inner.report }
    public var savedState: StateValue { get throws { try inner.savedState } }

    public var events: EventSet { inner.roles.isEmpty ? inner.events.intersection([event]) : inner.events }

    public func prepare(for run: Run) throws {
        filter.reset()
        try inner.prepare(for: run)
    }

    public func refresh(for run: Run) -> Bool { inner.refresh(for: run) }

    public func handle(_ event: Event, _ context: EventContext) throws -> Directive? {
        guard try event != self.event || filter.passes(context) else { return nil }
        return try inner.handle(event, context)
    }

    public func restore(_ state: StateValue, in run: Run) throws { try inner.restore(state, in: run) }
    public func restoreAverage(_ state: StateValue, in run: Run) throws { try inner.restoreAverage(state, in: run) }
}
