/// Asks another callback only at the occurrences of one event that a filter lets through.
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
    public var order: CallbackOrder { inner.order }
    public var report: [String: StateValue] { inner.report }
    public var savedState: StateValue { get throws { try inner.savedState } }

    public func listens(to event: Event) -> Bool { event == self.event && inner.listens(to: event) }

    public func prepare(for run: Run) throws {
        filter.reset()
        try inner.prepare(for: run)
    }

    public func refresh(for run: Run) -> Bool { inner.refresh(for: run) }

    public func handle(_ event: Event, _ context: EventContext) throws -> Directive? {
        try filter.passes(context) ? inner.handle(event, context) : nil
    }

    public func restore(_ state: StateValue, in run: Run) throws { try inner.restore(state, in: run) }
}
