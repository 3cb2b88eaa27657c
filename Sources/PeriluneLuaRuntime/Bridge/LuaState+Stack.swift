internal import CLua
internal import CLuaBridge

// Moving values between Swift and the Lua stack. Only functions that raise for want of memory at most are called here,
// and while Swift runs the allocator refuses none.
extension LuaState {
    var top: Int32 { unsafe lua_gettop(lua) }

    func pop(_ count: Int32 = 1) {
        unsafe lua_settop(lua, -count - 1)
    }

    /// Runs `body` and takes off the stack whatever it left there.
    func balanced<Result: ~Copyable, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let before = top
        defer { unsafe lua_settop(lua, before) }
        return try body()
    }

    /// Makes room for `count` more values: beyond a few, pushing without asking would corrupt memory.
    func reserve(_ count: Int) throws(LuaError) {
        guard unsafe lua_checkstack(lua, Int32(clamping: count) &+ 8) != 0 else {
            throw LuaError(.memory, "too many values for the Lua stack (\(count))")
        }
    }

    func pushNil() { unsafe lua_pushnil(lua) }

    func push(_ string: String) {
        var string = string
        string.withUTF8 { bytes in
            unsafe bytes.withMemoryRebound(to: CChar.self) { text in
                _ = unsafe lua_pushlstring(lua, text.baseAddress, text.count)
            }
        }
    }

    func push(_ bytes: [UInt8]) {
        unsafe bytes.withUnsafeBytes { raw in
            _ = unsafe lua_pushlstring(lua, raw.bindMemory(to: CChar.self).baseAddress, raw.count)
        }
    }

    func push(_ value: LuaValue) throws(LuaError) {
        switch value {
        case .nil: pushNil()
        case .boolean(let value): unsafe lua_pushboolean(lua, value ? 1 : 0)
        case .integer(let value): unsafe lua_pushinteger(lua, lua_Integer(value))
        case .number(let value): unsafe lua_pushnumber(lua, value)
        case .string(let value): push(value)
        case .bytes(let value): push(value)
        case .table(let table): try pushOwn(table.reference)
        case .function(let function): try pushOwn(function.reference)
        case .other(let reference): try pushOwn(reference)
        case .object(let object): try push(object: object)
        }
    }

    /// A value of another state would be someone else's under the same number.
    private func pushOwn(_ reference: LuaReference) throws(LuaError) {
        guard reference.anchor === anchor else {
            throw LuaError(.host, "a value of one Lua state cannot be used in another, or after its state is closed")
        }
        push(reference)
    }

    /// The value at `index`, which stays on the stack. Every value that Swift reads comes through here, and is counted.
    func value(at index: Int32) -> LuaValue {
        let type = unsafe lua_type(lua, index)
        if type != LUA_TSTRING { budget.count() }
        return switch type {
        case LUA_TBOOLEAN: .boolean(unsafe lua_toboolean(lua, index) != 0)
        case LUA_TNUMBER: number(at: index)
        case LUA_TSTRING: string(at: index)
        case LUA_TTABLE: .table(LuaTable(reference(at: index)))
        case LUA_TFUNCTION: .function(LuaFunction(reference(at: index)))
        case LUA_TUSERDATA:
            if let object = hostObject(at: index) { .object(object) } else { .other(reference(at: index)) }
        case LUA_TTHREAD, LUA_TLIGHTUSERDATA: .other(reference(at: index))
        default: .nil
        }
    }

    /// The value on top, taken off the stack.
    func popValue() -> LuaValue {
        defer { pop() }
        return value(at: -1)
    }

    private func number(at index: Int32) -> LuaValue {
        unsafe lua_isinteger(lua, index) != 0
            ? .integer(Int(unsafe lua_tointegerx(lua, index, nil)))
            : .number(unsafe lua_tonumberx(lua, index, nil))
    }

    private func string(at index: Int32) -> LuaValue {
        var length = 0
        guard let text = unsafe lua_tolstring(lua, index, &length) else { return .string("") }
        budget.count(text: length)
        let bytes = unsafe UnsafeRawBufferPointer(start: text, count: length)
        if let string = unsafe String(validating: bytes, as: UTF8.self) { return .string(string) }
        return .bytes(unsafe [UInt8](bytes))
    }

    private func reference(at index: Int32) -> LuaReference {
        unsafe lua_pushvalue(lua, index)
        return popReference()
    }

    func isRawEqual(_ left: LuaReference, _ right: LuaReference) -> Bool {
        balanced {
            push(left)
            push(right)
            return unsafe lua_rawequal(lua, -1, -2) != 0
        }
    }
}
