import CLuaBridge
import Foundation
import Perilune
import Testing

/// Limits as a host sees them.
@Suite struct LimitTests {
    private static let short = ScriptLimits(memory: 16 << 20, time: .milliseconds(100))

    private func state(_ profile: ScriptProfile = .strict, _ limits: ScriptLimits = short) throws -> LuaState {
        try LuaState(profile: profile, limits: limits)
    }

    @Test(arguments: ScriptProfile.allCases)
    func `A script over its time is a typed error, and the state goes on`(profile: ScriptProfile) throws {
        let state = try state(profile)
        for _ in 1...3 {
            let error = try #require(state.failure("local x = 1\nwhile true do pcall(error) end"))
            #expect(error.kind == .timeLimit)
            #expect(error.message == "script.lua:2: the time limit of 0.1 s is over")
            #expect(error.script == "script.lua")
            #expect(error.line == 2)
            #expect(error.traceback == "\tscript.lua:2: in main chunk")
            #expect(try state.goesOn())
        }
        #expect(state.stackHeight == 0)
    }

    @Test(arguments: ScriptProfile.allCases)
    func `A script over its memory is a typed error, and the state goes on`(profile: ScriptProfile) throws {
        let state = try state(profile, ScriptLimits(memory: 16 << 20))
        for _ in 1...3 {
            let error = try #require(
                state.failure(
                    "local t = {}\npcall(function()\nwhile true do t[#t + 1] = ('x'):rep(1000) .. #t end end)"))
            #expect(error.kind == .memory)
            #expect(error.message == "script.lua:3: not enough memory: the limit is 16 MiB")
            #expect(error.line == 3)
            #expect(try state.goesOn())
        }
    }

    /// Only the host's own note tells, not what the script makes of the error.
    @Test func `A script cannot pass for one that ended well`() throws {
        let state = try state()
        // load would have caught the error; so would a wrapper that turns every failure into a result.
        for text in [
            "pcall(function() while true do end end) return 'fine'",
            "local co = coroutine.create(function() while true do end end) coroutine.resume(co) return 'fine'",
            "return select(2, xpcall(function() while true do end end, function() return 'fine' end))",
            "while true do pcall(function() while true do end end) end return 'fine'",
            "local function again() local x <close> = setmetatable({}, { __close = again }) while true "
                + "do end end again()",
        ] {
            #expect(state.failure(text)?.kind == .timeLimit, "\(text)")
        }
        #expect(state.failure("error('script.lua:1: the time limit of 0.1 s is over', 0)")?.kind == .runtime)
    }

    @Test func `Coroutines left over from a stopped script run again`() throws {
        let state = try state()
        let text = "co = co or coroutine.wrap(function() while true do coroutine.yield(1) end end) return co()"
        try state.limitTime(.seconds(60))
        #expect(try state.run(text) == [1])
        try state.limitTime(Self.short.time)
        #expect(state.failure("while true do co() end")?.kind == .timeLimit)
        try state.limitTime(.seconds(60))
        #expect(try state.run("return coroutine.wrap(function() return 2 end)()") == [2])
        #expect(
            try state.run(
                "fresh = coroutine.create(function() coroutine.yield(3) return 4 end) "
                    + "return select(2, coroutine.resume(fresh)), select(2, coroutine.resume(fresh))") == [3, 4])
    }

    @Test func `Each call of the host has the whole limit`() throws {
        let state = try state(.strict, ScriptLimits(time: .seconds(2)))
        let clock = ContinuousClock()
        let start = clock.now
        state[global: "now"] = .function(
            state.makeFunction { _ in [.number((clock.now - start) / .seconds(1))] })
        try state.run("function busy(time) local till = now() + time while now() < till do end return time end")
        let busy = try #require(state[global: "busy"].function)
        for _ in 1...6 { #expect(try busy.call(0.4) == [0.4]) }
        #expect(clock.now - start > .seconds(2))
    }

    @Test func `Time in functions of the host counts`() throws {
        let state = try state()
        state[global: "wait"] = .function(
            state.makeFunction { _ in
                // A sleep that a signal interrupts ends early.
                for _ in 1...30 { usleep(1000) }
                return []
            })
        let error = try #require(state.failure("while true do wait() end"))
        #expect(error.kind == .timeLimit)
    }

    @Test func `A state within a state has a limit of its own`() throws {
        let outer = try LuaState(profile: .strict, limits: ScriptLimits(time: .seconds(20)))
        let inner = try state()
        outer[global: "inner"] = .function(
            outer.makeFunction { _ in
                try inner.run("while true do end", name: "inner.lua")
                return []
            })
        // The outer script may catch what went wrong inside; it has not exceeded a limit of its own.
        #expect(
            try outer.run("return pcall(inner)")
                == [false, "inner.lua:1: the time limit of 0.1 s is over"])
        #expect(outer.failure("inner()")?.kind == .timeLimit)
        #expect(try outer.goesOn())
        #expect(try inner.goesOn())
    }

    @Test func `Limits hold on many threads at once`() async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<8 {
                group.addTask {
                    let state = try LuaState(
                        profile: number % 2 == 0 ? .strict : .trusted,
                        limits: ScriptLimits(time: .milliseconds(50 + 10 * number)))
                    for _ in 1...3 {
                        guard state.failure("while true do pcall(error) end")?.kind == .timeLimit else { return false }
                        guard try state.goesOn() else { return false }
                    }
                    return true
                }
            }
            for try await works in group { #expect(works) }
        }
    }

    @Test func `A state may move from thread to thread`() throws {
        final class Box: @unchecked Sendable {
            let state: LuaState
            init(_ state: LuaState) { self.state = state }
        }
        let box = Box(try state())
        for _ in 1...4 {
            #expect(box.state.failure("while true do end")?.kind == .timeLimit)
            let done = DispatchSemaphore(value: 0)
            Thread.detachNewThread {
                #expect(box.state.failure("while true do end")?.kind == .timeLimit)
                done.signal()
            }
            done.wait()
        }
    }

    @Test func `Limits can be changed and taken away`() throws {
        let state = try LuaState()
        #expect(state.timeLimit == nil)
        try state.limitTime(.milliseconds(50))
        #expect(state.timeLimit == .milliseconds(50))
        #expect(state.failure("while true do end")?.kind == .timeLimit)
        try state.limitTime(nil)
        #expect(state.timeLimit == nil)
        #expect(try state.run("local till = os.clock() + 0.2 while os.clock() < till do end return 1") == [1])
        try state.limitTime(.zero)
        #expect(state.failure("while true do end")?.kind == .timeLimit)
    }

    @Test func `An interrupt reaches into coroutines and is not caught`() throws {
        let state = try LuaState()
        let interrupt = try #require(state.interrupt)
        state[global: "press"] = .function(
            state.makeFunction { _ in
                interrupt.request()
                return []
            })
        let error = try #require(
            state.failure("coroutine.wrap(function() pcall(press)\nwhile true do pcall(error) end end)()"))
        #expect(error.kind == .interrupted)
        state.endInterrupt()
        #expect(try state.run("return 1") == [1])
    }
}
