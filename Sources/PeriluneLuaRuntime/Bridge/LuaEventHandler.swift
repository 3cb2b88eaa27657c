internal import CLua
internal import CLuaBridge

/// A Lua function that handles an event, with the receiver to call it on if it is a method.
public struct LuaEventHandler {
    package let function: LuaReference
    let receiver: LuaReference?

    /// A handler called as `function(…)`, or as `receiver:function(…)` where there is a receiver.
    public init(_ function: LuaFunction, receiver: LuaTable? = nil) {
        self.function = function.reference
        self.receiver = receiver?.reference
    }

    /// Calls the handler with a message in place of logs: `handler([self,] message, run)`.
    public func send(message: String, run: LuaValue = .nil) throws(LuaError) -> LuaValue? {
        var arguments: [LuaValue] = receiver.map { [.table(LuaTable($0))] } ?? []
        arguments += [.string(message), run]
        let results = try LuaFunction(function).call(arguments)
        return results.first.flatMap { $0.isNil ? nil : $0 }
    }
}

extension LuaState {
    /// Runs an event in C and returns its status, one entry deeper.
    func callEvent(_ event: UnsafeMutablePointer<perilune_lua_event>) -> Int32 {
        depth += 1
        let status = unsafe perilune_lua_call_event(lua, event)
        depth -= 1
        budget.begin()
        return status
    }

    /// What an event's status says where it is not LUA_OK: a value was returned, or an error raised.
    func finishEvent(_ status: Int32) throws(LuaError) -> LuaValue? {
        defer { if depth == 0 { parked.removeAll() } }
        if status == LUA_YIELD { return popValue() }
        throw popError(status)
    }
}
