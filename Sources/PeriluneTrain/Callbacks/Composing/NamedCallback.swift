/// A callback under a name of the user's: messages call it so, and checkpoints know it again by that name whatever else
/// about it has changed.
public final class NamedCallback: Callback {
    public let name: String
    private let inner: any Callback

    /// - Throws: `TrainingError` where the name is empty.
    public init(_ inner: any Callback, as name: String) throws(TrainingError) {
        guard !name.isEmpty else { throw TrainingError(.invalidOption, "\(inner.name): 'name' is empty") }
        self.inner = inner
        self.name = name
    }

    public var hosted: [any Callback] { [inner] }
    public var report: [String: StateValue] { inner.report }

    public var identity: CallbackIdentity {
        var identity = inner.identity
        identity.name = name
        return identity
    }

    public var events: EventSet { inner.events }
    public func prepare(for run: Run) throws { try inner.prepare(for: run) }
    public func refresh(for run: Run) -> Bool { inner.refresh(for: run) }
    public var savedState: StateValue { get throws { try inner.savedState } }
    public func restore(_ state: StateValue, in run: Run) throws { try inner.restore(state, in: run) }
    public func restoreAverage(_ state: StateValue, in run: Run) throws { try inner.restoreAverage(state, in: run) }

    public func handle(_ event: Event, _ context: EventContext) throws -> Directive? {
        try inner.handle(event, context)
    }

    public func place(_ name: String, _ event: Event) -> ScriptPlace? {
        inner.place(name == self.name ? inner.name : name, event)
    }
}

extension Callback {
    /// The callback under a name: for messages, for `Run.remove`, and for checkpoints to know it again by.
    /// - Throws: `TrainingError` where the name is empty.
    public func named(_ name: String) throws(TrainingError) -> NamedCallback { try NamedCallback(self, as: name) }
}
