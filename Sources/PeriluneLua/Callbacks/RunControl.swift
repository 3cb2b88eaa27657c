internal import PeriluneBinding
internal import PeriluneGraph
internal import PeriluneItems
internal import PeriluneLuaRuntime
internal import PeriluneTrain

/// What scripts do to a run that goes on: breakpoints, and callbacks that come and go.
enum RunControl {
    /// Each is asked in every event that it listens to.
    private static let mostCallbacks = 1000

    static let methods: [Binding] = [
        .method(
            "prompt", of: LuaRun.self,
            help: """
                Opens the live prompt right here, in the middle of the callback: a breakpoint. Needs a terminal.
                run, model, optimizer, history, logs and the callback's locals are there; `continue` goes on, `stop` \
                ends
                the run.
                """
        ) { box, arguments in
            // What a person types takes none of the script's time.
            try arguments.state.withClockStopped(forEvents: true) { try box.run.pause() }
            return []
        },
        .method(
            "add_callback", of: LuaRun.self,
            [.required("callback", .named("callback", .either(.host("callback"), .table)), "as in fit's callbacks")],
            result: .host("callback"),
            help: """
                Adds a callback from the next event on; returns it, for remove_callback.
                on_backward_end comes to it from the next epoch on, where that had no listener before.
                """
        ) { box, arguments in
            guard box.run.callbacks.count < mostCallbacks else {
                throw arguments.fault("callback", "a run has at most \(mostCallbacks) callbacks")
            }
            let callback = try arguments.callback(named: "added[\(box.addedCount + 1)]")
            try box.run.add(callback)
            box.addedCount += 1
            box.watcher?.added.append(callback)
            return [.object(CallbackBox(callback))]
        },
        .method(
            "remove_callback", of: LuaRun.self,
            [
                .required(
                    "callback", .union([.string, .integer(atLeast: 1), .host("callback")]),
                    "one of run.callbacks, its name, or its number there")
            ], result: .host("callback"),
            help: "Removes a callback from the next event on; returns it, so that add_callback can bring it back."
        ) { box, arguments in
            let callback = try find(box, arguments)
            box.run.remove(callback)
            return [.object(CallbackBox(callback))]
        },
    ]

    static let callbacks = Property(
        "callbacks", of: LuaRun.self, .list(.host("callback")),
        help:
            "The callbacks of the run, in the order in which they are asked; "
            + "add_callback and remove_callback change it."
    ) { box, state in
        .table(state.makeTable(visible(box).map { .object(CallbackBox($0)) }))
    }

    /// Those that a user gave or knows: not what the loop and the session keep for themselves.
    private static func visible(_ box: LuaRun) -> [any Callback] {
        box.run.callbacks.filter { !$0.roles.contains(where: \.servesLoop) }
    }

    private static func find(_ box: LuaRun, _ arguments: Arguments) throws -> any Callback {
        let known = visible(box)
        let wanted = try arguments.value("callback")
        if let number = wanted.integer, known.indices.contains(number - 1) { return known[number - 1] }
        if let name = wanted.string, let callback = known.first(where: { $0.name == name }) { return callback }
        if let callback = wanted.object(as: CallbackBox.self)?.callback, known.contains(where: { $0 === callback }) {
            return callback
        }
        let names = known.map(\.name)
        let hint = wanted.string.map { NearestName.hint($0, among: names) } ?? ""
        throw arguments.fault(
            "callback",
            names.isEmpty
                ? "the run has no callbacks"
                : "no such callback in this run\(hint); there are \(names.joined(separator: ", "))")
    }
}
