/// A callback made of closures, one an event.
public final class LambdaCallback: Callback {
    /// What an event does.
    public typealias Handler = (EventContext) throws -> Directive?

    public let name: String
    private let handlers: [Event: Entry]

    /// A closure in a dictionary is wrapped anew, on the heap, each time it is taken out; in a structure it is not.
    private struct Entry {
        let handle: Handler
    }

    public init(name: String = "lambda", _ handlers: [Event: Handler]) {
        self.name = name
        self.handlers = handlers.mapValues { Entry(handle: $0) }
    }

    /// A callback for one event.
    public convenience init(name: String = "lambda", on event: Event, _ handler: @escaping Handler) {
        self.init(name: name, [event: handler])
    }

    public var events: EventSet { EventSet(handlers.keys) }

    public func handle(_ event: Event, _ context: EventContext) throws -> Directive? {
        try handlers[event]?.handle(context)
    }
}
