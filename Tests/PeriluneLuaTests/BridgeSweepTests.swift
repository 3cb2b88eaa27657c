import PeriluneBinding
import PeriluneItems
import PeriluneLua
import PeriluneLuaRuntime
import Testing

/// The n-th allocation fails, for every n until a whole scenario passes: no crash, no leak, a state that still works.
@Suite struct BridgeSweepTests {
    @Test(arguments: AllocationSweep.Mode.allCases)
    func `Every allocation may fail while a state is opened`(mode: AllocationSweep.Mode) throws {
        let counter = Tracked.Counter()
        var n = 1
        var (failed, survived) = (0, 0)
        while true {
            do {
                let state = try LuaState(.standard, failingAllocation: n, times: mode.rawValue)
                let failures = state.failedAllocations
                state.failAllocation(0)
                state.register(ClassBinding("tracked", Tracked.self, help: "A counted object."))
                state[global: "kept"] = .object(Tracked(counter))
                #expect(try state.run("return kept ~= nil and 1 + 1") == [2])
                if failures == 0 { break }
                // Made good by the second try, or harmless: a table of strings that stays small.
                survived += 1
            } catch let error as LuaError {
                #expect(error.kind == .memory, "n = \(n): \(error)")
                failed += 1
            }
            n += 1
        }
        #expect(counter.alive == 0)
        #expect(n > 200)
        #expect(mode == .collecting ? survived > 200 : failed > 200)
    }

    /// Objects, errors through host functions, closures, coroutines, finalizers, handlers: all that the bridge offers.
    private static let text = """
        local t = setmetatable({ make(), make() }, { __gc = function() gone = (gone or 0) + 1 end })
        local ok, e = pcall(fail)
        local s = ""
        for i = 1, 20 do s = s .. i; t[#t + 1] = function() return s end end
        local co = coroutine.wrap(function() coroutine.yield(make()) end)
        local handled = select(2, xpcall(fail, function(m) return { m } end))
        local deep = select(2, pcall(call, function() call(function() fail() end) end))
        local sum = 0
        for k, v in pairs({ a = 1, b = 2 }) do sum = sum + v end
        local loaded = load("return ...")(5)
        local text = table.concat({ tostring(t[1]), tostring(12.5), ("x"):rep(100) })
        make().value = 3
        for i = 1, 5 do make() end
        collectgarbage()
        return co() ~= nil and type(handled) == "table" and type(deep) == "string" and sum == 3 and loaded == 5
          and #text > 100 and type(e) == "string" and pass({ 1, "two", { 3 } }) == "two"
        """

    private func bridged(_ counter: Tracked.Counter) throws -> LuaState {
        let state = try LuaState()
        state.install(counter)
        state[global: "pass"] = .function(
            state.makeFunction { call in
                let fields = try call[1].table?.entries ?? []
                return [fields.count == 3 ? call[1].table?[2] ?? .nil : .nil]
            })
        return state
    }

    @Test(arguments: AllocationSweep.Mode.allCases)
    func `Every allocation of a script may fail`(mode: AllocationSweep.Mode) throws {
        let counter = Tracked.Counter()
        let state = try bridged(counter)
        try state.run(Self.text)
        let (registry, memory) = (state.registryCount, settled(state))
        let outcome = AllocationSweep(mode: mode).run(state) {
            try state.run(Self.text)
        } expecting: {
            $0 == [true]
        }
        #expect(outcome.end > 100)
        if mode != .collecting { #expect(outcome.memoryErrors > 100) }
        #expect(try state.run(Self.text) == [true])
        #expect(settled(state) <= memory + 4096)
        #expect(state.registryCount == registry)
        #expect(counter.alive == 0)
        state.close()
    }

    @Test(arguments: AllocationSweep.Mode.allCases)
    func `Errors within error handlers may find no memory`(mode: AllocationSweep.Mode) throws {
        let state = try LuaState()
        let scenario = """
            local function deep(n) return n > 0 and 1 + deep(n - 1) or error("deep") end
            local a = select(2, xpcall(error, function(e) error(e) end, "x"))
            local b = select(2, pcall(deep, 300))
            local c = select(2, pcall(string.rep, "x", -1))
            local d = setmetatable({}, { __index = function(t, k) error({ k }) end })
            local e = select(2, pcall(function() return d.x end))
            local co = coroutine.create(function()
              local x <close> = setmetatable({}, { __close = function() error("c") end })
              error("in")
            end)
            local f = select(2, coroutine.resume(co))
            return a == "error in error handling" and b ~= nil and type(e) == "table" and f ~= nil
            """
        let outcome = AllocationSweep(mode: mode).run(state) {
            try state.run(scenario)
        } expecting: {
            $0 == [true]
        }
        #expect(outcome.end > 50)
    }

    /// Each call of the function that fills the stack is an allocation: only some of those are tried, and many
    /// arguments make it few calls.
    @Test(arguments: AllocationSweep.Mode.allCases)
    func `A full stack may find no memory`(mode: AllocationSweep.Mode) throws {
        let state = try LuaState()
        let scenario = """
            local function f(...) return 1 + f(...) end
            local many = { ("x"):rep(250, ","):gsub("x", "1") }
            local function g() return f(load("return " .. many[1])()) end
            return select(2, xpcall(g, function() return "full" end)), select(2, pcall(g)):match("stack overflow")
            """
        let outcome = AllocationSweep(mode: mode, dense: 40, stride: 907).run(state) {
            try state.run(scenario)
        } expecting: {
            $0 == ["full", "stack overflow"]
        }
        #expect(outcome.end > 1000)
    }

    @Test(arguments: AllocationSweep.Mode.allCases)
    func `Every allocation of an event may fail`(mode: AllocationSweep.Mode) throws {
        let counter = Tracked.Counter()
        let state = try bridged(counter)
        let run = Tracked(counter)
        let channel = try LuaEventChannel(state, keys: ["loss", "lr", "step"], integers: ["step"], run: .object(run))
        let plain = try #require(
            state.run("return function(i, logs, run) local t = { i, logs.loss } end").first?.function)
        let writing = try #require(
            state.run("return function(i, logs, run) logs.score = { make() } return { lr = logs.lr .. '' } end").first?
                .function)
        let failing = try #require(
            state.run("return function(i, logs) pcall(fail) fail(logs, make()) end").first?.function)
        func event() throws -> [LuaValue] {
            channel.begin([0.5, 0.25, 7])
            let none = try channel.send(to: LuaEventHandler(plain), index: 1)
            let directive = try channel.send(to: LuaEventHandler(writing), index: 1)
            let changes = try channel.changes().map(\.key)
            #expect(changes == ["score"])
            var failed = false
            do {
                _ = try channel.send(to: LuaEventHandler(failing), index: 2)
            } catch {
                failed = error.underlying is BridgeTestError
                if !failed { throw error }
            }
            channel.begin()
            try channel.setLog("more", 2)
            return [.boolean(none == nil), directive?.table?["lr"] ?? .nil, .boolean(failed)]
        }
        _ = try event()
        let (registry, memory) = (state.registryCount, settled(state))
        let outcome = AllocationSweep(mode: mode).run(state) {
            try event()
        } expecting: {
            $0 == [true, "0.25", true]
        }
        #expect(outcome.end > 10)
        #expect(settled(state) <= memory + 4096)
        #expect(state.registryCount == registry)
        // The run, and what the last logs table holds.
        #expect(counter.alive <= 2)
    }

    /// Bytes in use when all garbage is gone: finalizers of one collection make garbage for the next.
    private func settled(_ state: LuaState) -> Int {
        (0..<3).map { _ in state.collectGarbage() }.last ?? 0
    }
}
