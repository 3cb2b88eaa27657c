internal import CLua
internal import CLuaBridge

extension LuaState {
    /// Runs `body` as one entry into Lua: the stack is as before afterwards, and errors of the host that were parked on
    /// the way are dropped at the outermost return.
    func enter<Result>(_ body: () throws(LuaError) -> Result) throws(LuaError) -> Result {
        guard unsafe context != nil else { throw LuaError(.closed, "the Lua state is closed") }
        freeReleasedReferences()
        let before = top
        depth += 1
        defer {
            depth -= 1
            if depth == 0 { parked.removeAll() }
            assert(top >= before, "the Lua stack lost values of the caller")
            unsafe lua_settop(lua, before)
        }
        return try body()
    }

    /// Calls the function on the stack below its `count` arguments and takes off its results.
    func callOnStack(_ count: Int, as entry: perilune_lua_entry = PERILUNE_LUA_EVENT) throws(LuaError) -> [LuaValue] {
        let base = top - Int32(count) - 1
        try check(unsafe perilune_lua_call_as(lua, Int32(count), LUA_MULTRET, entry))
        budget.begin()
        guard top > base else { return [] }
        // Converting a value needs a few slots above the results.
        try reserve(8)
        return (base + 1...top).map { value(at: $0) }
    }

    func call(
        _ function: LuaReference, _ arguments: [LuaValue], as entry: perilune_lua_entry = PERILUNE_LUA_EVENT
    ) throws(LuaError) -> [LuaValue] {
        try enter { () throws(LuaError) in
            try reserve(arguments.count + 1)
            push(function)
            for argument in arguments { try push(argument) }
            return try callOnStack(arguments.count, as: entry)
        }
    }

    /// The text that Lua's `tostring` makes of a value. Runs `__tostring`.
    public func describe(_ value: LuaValue) throws(LuaError) -> String {
        try enter { () throws(LuaError) in
            try push(value)
            try check(unsafe perilune_lua_tostring(lua))
            switch popValue() {
            case .string(let text): return text
            case .bytes(let bytes): return String(decoding: bytes, as: UTF8.self)
            default: return ""
            }
        }
    }

    /// Equality as `==` has it: may run `__eq`.
    public func isEqual(_ left: LuaValue, _ right: LuaValue) throws(LuaError) -> Bool {
        try enter { () throws(LuaError) in
            try push(left)
            try push(right)
            try check(unsafe perilune_lua_equal(lua))
            return unsafe lua_toboolean(lua, -1) != 0
        }
    }
}

/// A Lua function held by Swift.
public struct LuaFunction {
    /// Keeps the function alive.
    public let reference: LuaReference

    init(_ reference: LuaReference) {
        self.reference = reference
    }

    /// Calls the function and returns all its results.
    @discardableResult
    public func call(_ arguments: LuaValue...) throws(LuaError) -> [LuaValue] {
        try call(arguments)
    }

    /// Calls the function and returns all its results.
    @discardableResult
    public func call(_ arguments: [LuaValue]) throws(LuaError) -> [LuaValue] {
        guard let state = reference.state else { throw LuaError(.closed, "the Lua state is closed") }
        return try state.call(reference, arguments)
    }
}
