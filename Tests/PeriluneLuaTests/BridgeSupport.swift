import PeriluneBinding
import PeriluneItems
import PeriluneLua
import PeriluneLuaRuntime
import Testing

/// Counts its living instances by a counter of the test's own.
final class Tracked {
    final class Counter {
        var alive = 0
    }

    let counter: Counter
    var value: Double

    init(_ counter: Counter, value: Double = 0) {
        self.counter = counter
        self.value = value
        counter.alive += 1
    }

    deinit { counter.alive -= 1 }
}

struct BridgeTestError: Error, Equatable, CustomStringConvertible {
    var text: String
    var description: String { text }
}

extension LuaState {
    /// Functions of the host that make objects, fail, and call back, with objects that `counter` counts in each of
    /// them.
    func install(_ counter: Tracked.Counter) {
        register(
            ClassBinding(
                "tracked", Tracked.self, help: "A counted object.",
                properties: [
                    Property("value", of: Tracked.self, .number, help: "A number.") { tracked, _ in
                        .number(tracked.value)
                    } set: { tracked, value, _ in
                        tracked.value = value.number ?? 0
                    }
                ]))
        self[global: "make"] = .function(makeFunction { _ in [.object(Tracked(counter))] })
        self[global: "fail"] = .function(
            makeFunction { call in
                let held = Tracked(counter)
                throw BridgeTestError(text: "boom \(held.value)")
            })
        self[global: "call"] = .function(
            makeFunction { call in
                let held = Tracked(counter)
                defer { held.value += 1 }
                return try call[1].function?.call() ?? []
            })
    }

    /// Runs a text as `script.lua`.
    @discardableResult
    func run(_ text: String, name: String = "script.lua") throws -> [LuaValue] {
        try load(text: text, name: name, isFile: true).run()
    }

    /// Whether a state runs scripts as ever after an error. It has plenty of time for that: a short limit would hit
    /// what is no loop at all where the machine is busy.
    func goesOn() throws -> Bool {
        let limit = timeLimit
        try limitTime(.seconds(60))
        defer { try? limitTime(limit) }
        return try run("local x = 1 return x + 1") == [2]
    }

    /// The message of the error that running a text gives, or nil where it gives none.
    func failure(_ text: String, name: String = "script.lua") -> LuaError? {
        do {
            try run(text, name: name)
            return nil
        } catch {
            return error as? LuaError
        }
    }
}
