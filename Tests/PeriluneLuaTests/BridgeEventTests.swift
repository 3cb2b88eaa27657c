import PeriluneLua
import PeriluneLuaRuntime
import Testing

@Suite struct BridgeEventTests {
    private func handler(_ state: LuaState, _ text: String) throws -> LuaEventHandler {
        LuaEventHandler(try #require(state.run("return " + text).first?.function))
    }

    @Test func `A handler gets index, logs and run`() throws {
        let state = try LuaState()
        let channel = try LuaEventChannel(
            state, keys: ["loss", "lr", "step"], integers: ["step"], run: .string("the run"))
        (channel[0], channel[1], channel[2]) = (0.5, 0.001, 12)
        channel.begin()
        let seen = try handler(
            state,
            "function(i, logs, run, ...) return { i, logs.loss, logs.lr, logs.step, math.type(logs.step), run, "
                + "select('#', ...) } end"
        )
        #expect(try channel.send(to: seen, index: 3)?.table?.array == [3, 0.5, 0.001, 12, "integer", "the run", 0])
        let plain = try handler(state, "function(logs, run) return logs.loss end")
        #expect(try channel.send(to: plain) == 0.5)
        #expect(!channel.hasChanges)
    }

    @Test func `A method gets its receiver`() throws {
        let state = try LuaState()
        let object = try #require(
            state.run("return { n = 0, go = function(self, i, logs) self.n = self.n + i + logs.loss end }").first?.table
        )
        let handler = LuaEventHandler(try #require(object["go"].function), receiver: object)
        let channel = try LuaEventChannel(state, keys: ["loss"])
        for index in 1...3 {
            channel[0] = 0.5
            channel.begin()
            #expect(try channel.send(to: handler, index: index) == nil)
        }
        #expect(object["n"] == 7.5)
    }

    @Test func `Logs are fresh for each event and shared within one`() throws {
        let state = try LuaState()
        let channel = try LuaEventChannel(state, keys: ["loss"])
        let keep = try handler(state, "function(i, logs) kept = kept or {} kept[#kept + 1] = logs end")
        let write = try handler(state, "function(i, logs) logs.score = (logs.score or 0) + 1 logs.loss = logs.loss end")
        for event in 1...3 {
            channel[0] = Double(event)
            channel.begin()
            _ = try channel.send(to: keep, index: event)
            #expect(!channel.hasChanges)
            _ = try channel.send(to: write, index: event)
            _ = try channel.send(to: write, index: event)
            #expect(channel.hasChanges)
            #expect(try channel.changes().map(\.key) == ["score"])
            #expect(try channel.changes().map(\.value) == [2])
        }
        #expect(try state.run("return kept[1].loss, kept[2].loss, kept[3].loss, kept[1].score") == [1, 2, 3, 2])
    }

    @Test(
        arguments: [
            ("logs.loss = 2", ["loss"], [2]), ("logs.loss = nil", ["loss"], [nil]),
            ("logs.b, logs.a = 1, 'x'", ["a", "b"], ["x", 1]),
            ("logs.loss = 'high'", ["loss"], ["high"]), ("logs.loss = 1", [], []), ("logs.lr = 0/0", [], []),
            (
                "logs['a_very_long_name_that_is_not_interned_by_lua' .. ''] = 7",
                ["a_very_long_name_that_is_not_interned_by_lua"], [7]
            ),
            ("logs['a_very_long_name_of_a_metric_that_is_known' .. ''] = 3", [], []),
        ] as [(String, [String], [LuaValueBox])])
    func `Changes are found`(statement: String, keys: [String], values: [LuaValueBox]) throws {
        let state = try LuaState()
        let channel = try LuaEventChannel(
            state, keys: ["loss", "lr", "a_very_long_name_of_a_metric_that_is_known"])
        (channel[0], channel[1], channel[2]) = (1, .nan, 3)
        channel.begin()
        _ = try channel.send(to: handler(state, "function(logs) \(statement) end"))
        #expect(try channel.changes().map(\.key) == keys)
        #expect(try channel.changes().map(\.value) == values.map(\.value))
        #expect(channel.hasChanges == !keys.isEmpty)
    }

    @Test func `Swift writes to the logs between handlers`() throws {
        let state = try LuaState()
        let channel = try LuaEventChannel(state, keys: ["loss"])
        channel.begin()
        try channel.setLog("score", 0.25)
        #expect(try channel.send(to: handler(state, "function(logs) return logs.score end")) == 0.25)
        #expect(try channel.changes().map(\.key) == ["score"])
    }

    @Test func `Directives and errors come out`() throws {
        let state = try LuaState()
        let channel = try LuaEventChannel(state, keys: ["loss"])
        channel.begin()
        #expect(try channel.send(to: handler(state, "function() return 'stop' end"), index: 1) == "stop")
        #expect(
            try channel.send(to: handler(state, "function() return { lr = 0.5 } end"), index: 1)?.table?["lr"] == 0.5)
        #expect(try channel.send(to: handler(state, "function() return false end"), index: 1) == false)
        let bad = try handler(state, "function(i, logs) return logs.x.y end")
        let error = #expect(throws: LuaError.self) { try channel.send(to: bad, index: 1) }
        #expect(error?.message == "script.lua:1: attempt to index a nil value (field 'x')")
        state[global: "fail"] = .function(state.makeFunction { _ in throw BridgeTestError(text: "boom") })
        let host = #expect(throws: LuaError.self) { try channel.send(to: handler(state, "function() fail() end")) }
        #expect(host?.underlying as? BridgeTestError == BridgeTestError(text: "boom"))
        let message = try handler(state, "function(message, run) return message .. tostring(run) end").send(
            message: "oh")
        #expect(message == "ohnil")
    }

    @Test func `A hundred thousand events leave nothing behind`() throws {
        let state = try LuaState()
        let channel = try LuaEventChannel(state, keys: ["loss", "lr", "step"], integers: ["step"])
        let quiet = try handler(state, "function(i, logs, run) if logs.loss > 10 then return 'stop' end end")
        let height = state.stackHeight
        let registry = state.registryCount
        for batch in 1...100_000 {
            channel[0] = Double(batch % 7)
            channel.begin()
            if try channel.send(to: quiet, index: batch) != nil { Issue.record("a directive from nowhere") }
        }
        #expect(state.stackHeight == height)
        #expect(state.registryCount == registry)
    }
}
