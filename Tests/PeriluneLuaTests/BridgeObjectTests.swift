import PeriluneBinding
import PeriluneItems
import PeriluneLua
import PeriluneLuaRuntime
import Testing

@Suite struct BridgeObjectTests {
    @Test func `Host objects have methods, properties and operators`() throws {
        let result = try BindingFixture.state().run(
            """
            local a, b = box(1), box(2)
            a.value = 5
            a.content = a.content + 1
            return a.value, a.double, (a + b).value, #a, a(7), tostring(a), a:grow(1, { times = 3 }) == a, \
            a.value, a == b,
              a[3], getmetatable(a), lune.version
            """)
        let expected: [LuaValue] = [6.0, 12.0, 8.0, 1, 6.0, 7, "box(6.0)", true, 9.0, false, 300, false, "1.0"]
        // A call in the middle of a list gives one value.
        #expect(result == expected.enumerated().filter { $0.offset != 5 }.map(\.element))
    }

    @Test func `An object is one userdata while a script holds it`() throws {
        let state = try BindingFixture.state()
        let box = Box(3)
        let same = state.makeFunction { _ in [.object(box)] }
        state[global: "same"] = .function(same)
        #expect(
            try state.run("local t = { [same()] = 1 } return same() == same(), t[same()], rawequal(same(), same())")
                == [true, 1, true])
        #expect(try same.call().first?.object === box)
    }

    @Test func `Objects of unknown classes do not get in, those of subclasses do`() throws {
        let state = try BindingFixture.state()
        state[global: "crate"] = .function(state.makeFunction { _ in [.object(Crate())] })
        #expect(state.failure("crate()")?.message == "script.lua:1: Crate is not a class that Lua knows")
        state.register(ClassBinding("thing", Tracked2.self, help: "A thing."))
        #expect(try state.run("return tostring(crate())") == ["thing"])
    }

    @Test func `Classes inherit`() throws {
        let state = try BindingFixture.state()
        final class Shelf {}
        let base = ClassBinding(
            "base", Tracked2.self, help: "Base.",
            methods: [
                Binding("hello", help: "Greets.") { _ in ["hello"] },
                Binding("who", help: "Says who.") { _ in ["base"] },
            ])
        state.register(base)
        state.register(
            ClassBinding(
                "crate", Crate.self, help: "Derived.", extending: [base],
                methods: [Binding("who", help: "Says who.") { _ in ["crate"] }]))
        state[global: "take"] = .function(
            state.makeFunction(Binding("take", [.required("it", .host("base"), "it")], help: "Takes.") { _ in [true] }))
        state[global: "crate"] = .function(state.makeFunction { _ in [.object(Crate())] })
        #expect(try state.run("local c = crate() return c:hello(), c:who(), take(c)") == ["hello", "crate", true])
    }

    @Test func `Userdata in disguise is seen through`() throws {
        let state = try BindingFixture.state()
        let result = try state.run(
            """
            local meta = debug.getmetatable(box(1))
            local fake = debug.setmetatable(io.tmpfile(), meta)
            local a, b = pcall(function() return fake.value end), pcall(function() return fake:grow(1) end)
            local released = box(1)
            meta.__gc(released)
            local c = pcall(function() return released.value end)
            debug.setupvalue(lune.dense, 1, io.stdout)
            return a, b, c, pcall(lune.dense, 1), debug.setmetatable(fake, nil) ~= nil
            """)
        #expect(result.prefix(4) == [false, false, false, false])
    }
}
