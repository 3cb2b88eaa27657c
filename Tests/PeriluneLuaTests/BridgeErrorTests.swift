import PeriluneLua
import PeriluneLuaRuntime
import Testing

@Suite struct BridgeErrorTests {
    @Test func `A script's error has message, place and trace`() throws {
        let state = try LuaState()
        let error = try #require(
            state.failure(
                """
                local function inner() local t = nil; return t.field end
                function outer() return (inner()) end
                outer()
                """))
        #expect(error.kind == .runtime)
        #expect(error.message == "script.lua:1: attempt to index a nil value (local 't')")
        #expect(error.script == "script.lua")
        #expect(error.line == 1)
        #expect(
            error.traceback == """
                \tscript.lua:1: in upvalue 'inner'
                \tscript.lua:2: in function 'outer'
                \tscript.lua:3: in main chunk
                """)
        #expect(error.report.hasPrefix(error.message + "\nstack traceback:\n\tscript.lua:1:"))
    }

    @Test(
        arguments: [
            "local meta = {} meta.__tostring = function(value) error(value) end error(setmetatable({}, meta))",
            "local meta = {} meta.__tostring = function() error(setmetatable({}, meta)) end "
                + "error(setmetatable({}, meta))",
            "error(setmetatable({}, { __tostring = function() return {} end }))",
            "error(setmetatable({}, { __tostring = 5 }))",
        ])
    func `An error value whose text cannot be had is named by its type`(text: String) throws {
        for profile in ScriptProfile.allCases {
            let state = try LuaState(profile: profile)
            let error = try #require(state.failure(text))
            #expect(error.message == "(error object is a table value)")
            #expect(error.line == 1)
            #expect(state.stackHeight == 0)
            #expect(try state.run("return 1") == [1])
        }
    }

    @Test func `Other error values are named, in the strict profile with no address`() throws {
        let state = try LuaState(profile: .strict)
        #expect(state.failure("error(coroutine.create(print))")?.message == "(error object is a thread value)")
        let message = try #require(state.failure("error(print)")?.message)
        #expect(message.wholeMatch(of: /function: [0-9a-f]{8}/) != nil)
        #expect(try state.run("return tostring(print)") == [.string(message)])
    }

    @Test func `Host frames are left out of traces, and long ones are cut`() throws {
        let state = try LuaState()
        let error = try #require(
            state.failure("local ok, e = pcall(error, 'x')\ntable.sort({ 3, 1, 2 }, function() error('s') end)"))
        #expect(!error.traceback.contains("[C]"))
        #expect(error.line == 2)
        let deep = try #require(
            state.failure("local function f(n) if n == 0 then error('deep') end f(n - 1) end f(100)"))
        #expect(deep.traceback.split(separator: "\n").count == 22)
        #expect(deep.traceback.contains("\t...\t(81 levels)"))
    }

    @Test func `A Swift error crosses Lua and comes out as itself`() throws {
        let state = try LuaState()
        state[global: "fail"] = .function(state.makeFunction { _ in throw BridgeTestError(text: "boom") })
        let error = try #require(state.failure("\n\nfail()"))
        #expect(error.kind == .host)
        #expect(error.message == "script.lua:3: boom")
        #expect(error.line == 3)
        #expect(error.underlying as? BridgeTestError == BridgeTestError(text: "boom"))
    }

    @Test func `Scripts catch host errors as text`() throws {
        let state = try LuaState()
        state[global: "fail"] = .function(state.makeFunction { _ in throw BridgeTestError(text: "boom") })
        let result = try state.run(
            """
            local ok, message = pcall(function() fail() end)
            local direct, other = pcall(fail)
            return ok, message, tostring(message), message:match("boom"), direct, other
            """)
        #expect(
            result == [
                false, "script.lua:1: boom", "script.lua:1: boom", "boom", false, "script.lua:2: boom",
            ])
        let again = try #require(state.failure("local ok, m = pcall(fail)\nerror(m, 0)"))
        #expect(again.underlying as? BridgeTestError == BridgeTestError(text: "boom"))
        let reworded = try #require(state.failure("local ok, m = pcall(fail)\nerror('while: ' .. m, 0)"))
        #expect(reworded.message == "while: script.lua:1: boom")
        #expect(reworded.underlying as? BridgeTestError == BridgeTestError(text: "boom"))
    }

    @Test func `Errors keep identity through Swift, Lua, Swift, Lua`() throws {
        let state = try LuaState()
        let fail = state.makeFunction { _ in throw BridgeTestError(text: "deep") }
        state[global: "fail"] = .function(fail)
        state[global: "call"] = .function(state.makeFunction { call in try call[1].function?.call() ?? [] })
        let error = try #require(
            state.failure(
                """
                call(function()
                  call(function()
                    fail()
                  end)
                end)
                """))
        #expect(error.message == "script.lua:3: deep")
        #expect(error.kind == .host)
        #expect(error.underlying as? BridgeTestError == BridgeTestError(text: "deep"))
        #expect(error.traceback.split(separator: "\n").count == 3)
        let inner = try #require(state.failure("call(function() local x = nil + 1 end)"))
        #expect(inner.message.hasPrefix("script.lua:1: attempt to perform arithmetic on a nil value"))
        #expect(inner.kind == .runtime)
    }

    @Test func `Error values that are no strings are shown and cross back unchanged`() throws {
        let state = try LuaState()
        #expect(state.failure("error({ code = 5 })")?.message == "(error object is a table value)")
        #expect(state.failure("error(nil)")?.message == "(error object is nil)")
        #expect(state.failure("error(42)")?.message == "(error object is 42)")
        #expect(
            state.failure("error(setmetatable({}, { __tostring = function() return 'pretty' end }))")?.message
                == "pretty")
        #expect(
            state.failure("error(setmetatable({}, { __tostring = function() error('worse') end }))")?.message
                == "(error object is a table value)")
        state[global: "call"] = .function(state.makeFunction { call in try call[1].function?.call() ?? [] })
        let result = try state.run(
            "local ok, e = pcall(call, function() error({ code = 5 }) end) return ok, type(e), e.code")
        #expect(result == [false, "table", 5])
    }

    @Test func `Endless recursion over the border ends in an error`() throws {
        let state = try LuaState()
        state[global: "call"] = .function(state.makeFunction { call in try call[1].function?.call() ?? [] })
        let error = try #require(state.failure("local function f() return call(f) end f()"))
        #expect(error.message.contains("stack overflow"))
        #expect(try state.run("return 1") == [1])
    }

    @Test func `A stack overflow of the script ends soon and in an error`() throws {
        let state = try LuaState()
        let started = ContinuousClock.now
        let error = try #require(state.failure("local function f() return 1 + f() end f()"))
        #expect(error.message.hasPrefix("script.lua:1: stack overflow"))
        #expect(error.traceback.split(separator: "\n").count == 22)
        #expect(ContinuousClock.now - started < .seconds(5))
    }

    @Test func `Finalizers may call host functions while the state closes`() throws {
        let state = try LuaState()
        var calls = 0
        state[global: "count"] = .function(
            state.makeFunction { _ in
                calls += 1
                return []
            })
        try state.run("x = setmetatable({}, { __gc = function() count() end })")
        state.close()
        #expect(calls == 0)
    }

    @Test func `Errors inside coroutines are found`() throws {
        let state = try LuaState()
        state[global: "fail"] = .function(state.makeFunction { _ in throw BridgeTestError(text: "boom") })
        let result = try state.run(
            "local co = coroutine.create(function() fail() end)\nlocal ok, e = coroutine.resume(co)\nreturn ok, e")
        #expect(result == [false, "script.lua:1: boom"])
        #expect(state.failure("coroutine.wrap(function() fail() end)()")?.message == "script.lua:1: script.lua:1: boom")
    }

    @Test func `A memory limit holds for the script and not for the host`() throws {
        let state = try LuaState()
        state.memoryLimit = state.memoryUse + 1_000_000
        let error = try #require(state.failure("local t = {} for i = 1, 1e7 do t[i] = i end"))
        #expect(error.kind == .memory)
        #expect(error.message.hasPrefix("script.lua:1: not enough memory: the limit is "))
        #expect(error.line == 1)
        let table = state.makeTable(elements: 200_000)
        #expect(state.memoryUse > 3_000_000)
        #expect(table.count == 0)
        #expect(state.failure("return ('x'):rep(1000)")?.kind == .memory)
        state.memoryLimit = nil
        #expect(try state.run("return #('x'):rep(1000)") == [1000])
    }
}
