internal import PeriluneBinding
internal import PeriluneItems
internal import PeriluneLuaRuntime
internal import PeriluneTrain

/// `lune.on(event, filters, fn)`
enum OnBinding {
    private static let filters: [Parameter] = [
        .optional("every", .integer(atLeast: 1), "each n-th occurrence"),
        .optional("once", .either(.integer(atLeast: 1), .list(.integer(atLeast: 1))), "only these occurrences"),
        .optional("after", .integer(atLeast: 0), "only later than this one"),
        .optional("before", .integer(atLeast: 1), "only earlier than this one"),
        .optional("seconds", .number(.atLeast(0)), "at most once in so many seconds"),
        .optional("when", .function, "asked last, with the arguments of the event; true lets it through"),
        .optional("name", .string, "what messages call it"),
    ]

    static let function = Binding(
        "on",
        [
            .required("event", .event, "the event: \"epoch_end\" or \"on_epoch_end\""),
            .required("filters", .either(.function, .record(filters)), "when to call, or the function alone"),
            .optional(
                "handler", .union([.function, .host("callback")]),
                "takes what a callback's function for the event takes; or a callback, "
                    + "which is asked at this event only when the filters let it through"),
        ], result: .host("callback"),
        help: """
            A callback for one event: lune.on("epoch_end", { every = 5 }, function(epoch, logs, run) … end)
            Filters are every, once, after, before, seconds and when; all that are given must hold. Epoch events count
            epochs, training batch events batches since the run began. What is filtered out never reaches Lua.
            """, body: on)

    private static func on(_ arguments: Arguments) throws -> [LuaValue] {
        let event: Event
        do {
            event = try Event(named: arguments.string("event"))
        } catch let error as TrainingError {
            throw arguments.fault("event", error.message)
        }
        let table = try arguments.optionalTable("filters")
        let callback = try handler(arguments, for: event, called: table?["name"].string)
        guard let table, !table.isEmpty else { return [.object(CallbackBox(callback))] }
        let filter = try EventFilter(
            every: table["every"].integer,
            once: table["once"].integer.map { [$0] } ?? table["once"].table?.array.compactMap(\.integer) ?? [],
            after: table["after"].integer, before: table["before"].integer, seconds: table["seconds"].number,
            when: table["when"].function.map(predicate))
        return [.object(CallbackBox(FilteredCallback(callback, on: event, filter)))]
    }

    /// The callback that is filtered: one of the library's, or a function.
    private static func handler(
        _ arguments: Arguments, for event: Event, called name: String?
    ) throws -> any Callback {
        if let made = try CallbackTables.hostCallback(arguments.value("handler")) {
            return try name.map { try made.named($0) } ?? made
        }
        guard let handler = try arguments.optionalFunction("filters") ?? arguments.optionalFunction("handler") else {
            throw arguments.fault("handler", "function expected, got no value")
        }
        return LuaCallback(
            name: name ?? "lune.on(\"\(event.name)\")", identity: CallbackIdentity(kind: "callback", name: name),
            functions: [event: handler])
    }

    /// A predicate called with what the event's function would get.
    private static func predicate(_ function: LuaFunction) -> (EventContext) throws -> Bool {
        { context in
            guard let state = function.reference.state else { throw LuaError(.closed, "the Lua state is closed") }
            let run = state.session.known(context.run).map { LuaValue.object($0) } ?? .nil
            let logs = LuaValue.table(state.makeTable(context.logs))
            let first: [LuaValue] =
                switch context.event.argument {
                case .none: []
                case .epoch, .batch: [.integer(context.count)]
                case .message: [.string(context.message)]
                }
            let returned = try function.call(first + [logs, run]).first ?? .nil
            return !(returned.isNil || returned == false)
        }
    }
}

extension ParameterType {
    /// The name of an event, with or without the leading `on_`.
    static var event: Self {
        .catalogue("event", Event.names + Event.names.map { String($0.dropFirst("on_".count)) })
    }
}
