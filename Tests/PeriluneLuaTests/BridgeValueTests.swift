import PeriluneLua
import PeriluneLuaRuntime
import Testing

@Suite struct BridgeValueTests {
    @Test(
        arguments: [
            .nil, true, false, 0, -7, 0.5, "", "text", "größer 🌙", .integer(.max), .integer(.min), .number(.infinity),
            .bytes([0xFF, 0x00, 0x80]), "zero\0inside",
        ] as [LuaValueBox])
    func `Scalars come back as they went`(box: LuaValueBox) throws {
        let state = try LuaState()
        let identity = try #require(state.run("return function(x) return x end").first?.function)
        let back = try identity.call(box.value).first
        #expect(back == box.value)
        #expect(back?.typeName == box.value.typeName)
    }

    @Test func `Tables are read in sorted order`() throws {
        let state = try LuaState()
        let result = try state.run("return { 10, 20, 30, beta = 2, alpha = 1, gamma = 3, [10] = 5, [2.5] = 6 }")
        let table = try #require(result.first?.table)
        #expect(table.count == 3)
        #expect(try table.array == [10, 20, 30])
        #expect(try table.fieldNames == ["alpha", "beta", "gamma"])
        let keys: [LuaValue] = [1, 2, 2.5, 3, 10, "alpha", "beta", "gamma"]
        #expect(try table.entries.map(\.key) == keys)
    }

    @Test func `Tables are written`() throws {
        let state = try LuaState()
        let table = state.makeTable([1, 2])
        table["name"] = "x"
        table[3] = .table(state.makeTable(["inner": true]))
        state[global: "t"] = .table(table)
        let result = try state.run("return #t, t.name, t[3].inner, t.missing")
        #expect(result == [3, "x", true, .nil])
        #expect(state.makeTable().isEmpty)
    }

    @Test func `Metamethods run where asked for, protected`() throws {
        let state = try LuaState()
        let table = try #require(
            state.run(
                "return setmetatable({}, { __index = function(_, k) if k == 'bad' then error('no') end "
                    + "return k .. '!' end })"
            )
            .first?.table)
        #expect(try table.get("x") == "x!")
        #expect(table["x"] == .nil)
        let error = #expect(throws: LuaError.self) { try table.get("bad") }
        #expect(error?.message == "script.lua:1: no")
    }

    @Test func `Functions take and give several values`() throws {
        let state = try LuaState()
        let function = try #require(state.run("return function(...) return select('#', ...), ... end").first?.function)
        #expect(try function.call(1, .nil, "x") == [3, 1, .nil, "x"])
        let many = try function.call((0..<5000).map { .integer($0) })
        #expect(many.count == 5001)
        #expect(many.last == 4999)
    }

    @Test func `Values are kept while Swift holds them, and freed after`() throws {
        let state = try LuaState()
        state.collectGarbage()
        let before = state.memoryUse
        do {
            var tables: [LuaTable] = []
            for _ in 0..<1000 { tables.append(state.makeTable(elements: 10)) }
            state.collectGarbage()
            #expect(state.memoryUse > before + 1000 * 160)
        }
        state.collectGarbage()
        // The registry's own array part stays grown.
        #expect(state.memoryUse < before + 40_000)
    }

    @Test func `Values outlive their state harmlessly`() throws {
        var state: LuaState? = try LuaState()
        let table = try #require(state?.makeTable([1, 2]))
        let function = try #require(try state?.run("return print").first?.function)
        state = nil
        #expect(table.count == 0)
        #expect(table["x"] == .nil)
        table["x"] = 1
        let error = #expect(throws: LuaError.self) { try function.call() }
        #expect(error?.kind == .closed)
        let other = try LuaState()
        let foreign = #expect(throws: LuaError.self) {
            try other.run("return print").first?.function?.call(.table(table))
        }
        #expect(foreign?.kind == .host)
    }

    @Test func `Closing while a script runs is put off`() throws {
        let state = try LuaState()
        state[global: "close"] = .function(
            state.makeFunction { call in
                call.state.close()
                return [.boolean(call.state.isClosed)]
            })
        #expect(try state.run("return close()") == [false])
        state.close()
        #expect(state.isClosed)
        let error = #expect(throws: LuaError.self) { try state.run("return 1") }
        #expect(error?.kind == .closed)
    }
}

/// Lua values as test arguments, which must be Sendable.
struct LuaValueBox: @unchecked Sendable, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByNilLiteral
{
    // Scalars only: nothing here refers to a state.
    let value: LuaValue
    init(_ value: LuaValue) { self.value = value }
    init(booleanLiteral value: Bool) { self.value = .boolean(value) }
    init(integerLiteral value: Int) { self.value = .integer(value) }
    init(floatLiteral value: Double) { self.value = .number(value) }
    init(nilLiteral: ()) { self.value = .nil }
    init(stringLiteral value: String) { self.value = .string(value) }
    static var `nil`: Self { Self(.nil) }
    static func integer(_ value: Int) -> Self { Self(.integer(value)) }
    static func number(_ value: Double) -> Self { Self(.number(value)) }
    static func bytes(_ value: [UInt8]) -> Self { Self(.bytes(value)) }
}
