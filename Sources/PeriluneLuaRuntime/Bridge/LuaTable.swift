internal import CLua
internal import CLuaBridge

/// A Lua table held by Swift.
///
/// Subscripts and iteration are raw: they run no metamethods and cannot fail. Where metamethods matter use `get` and
/// `set`. Iteration is in sorted order, because Lua's own order of string keys differs from run to run.
public struct LuaTable {
    /// Keeps the table alive.
    public let reference: LuaReference

    init(_ reference: LuaReference) {
        self.reference = reference
    }

    /// The field of that name, read raw; nil once the state is closed. Assigning an object of an unregistered class
    /// stores nil.
    public subscript(name: String) -> LuaValue {
        get { read { $0.push(name) } }
        nonmutating set { write(newValue) { $0.push(name) } }
    }

    /// The element at a 1-based index, read raw.
    public subscript(index: Int) -> LuaValue {
        get { read { $0.push(index) } }
        nonmutating set { write(newValue) { $0.push(index) } }
    }

    /// The length of the sequence from 1 on, with no regard to `__len`.
    public var count: Int {
        reference.state.map { state in
            state.balanced {
                state.push(reference)
                return unsafe Int(clamping: lua_rawlen(state.lua, -1))
            }
        } ?? 0
    }

    private func read(_ pushKey: (LuaState) -> Void) -> LuaValue {
        guard let state = reference.state else { return .nil }
        return state.balanced {
            state.push(reference)
            pushKey(state)
            _ = unsafe lua_rawget(state.lua, -2)
            return state.value(at: -1)
        }
    }

    private func write(_ value: LuaValue, _ pushKey: (LuaState) -> Void) {
        guard let state = reference.state else { return }
        state.balanced {
            state.push(reference)
            pushKey(state)
            do { try state.push(value) } catch { state.pushNil() }
            unsafe lua_rawset(state.lua, -3)
        }
    }
}

extension LuaTable {
    /// The value under `key`, as a script would read it: `__index` may run.
    public func get(_ key: LuaValue) throws(LuaError) -> LuaValue {
        guard let state = reference.state else { throw LuaError(.closed, "the Lua state is closed") }
        return try state.enter { () throws(LuaError) in
            state.push(reference)
            try state.push(key)
            try state.check(unsafe perilune_lua_get(state.lua))
            return state.value(at: -1)
        }
    }

    /// Stores `value` under `key`, as a script would: `__newindex` may run.
    public func set(_ key: LuaValue, _ value: LuaValue) throws(LuaError) {
        guard let state = reference.state else { throw LuaError(.closed, "the Lua state is closed") }
        try state.enter { () throws(LuaError) in
            state.push(reference)
            try state.push(key)
            try state.push(value)
            try state.check(unsafe perilune_lua_set(state.lua))
        }
    }

    /// The metatable, also where it is hidden from scripts.
    public var metatable: LuaTable? {
        get {
            guard let state = reference.state else { return nil }
            return state.balanced {
                state.push(reference)
                return unsafe lua_getmetatable(state.lua, -1) != 0 ? state.value(at: -1).table : nil
            }
        }
        nonmutating set {
            guard let state = reference.state else { return }
            state.balanced {
                state.push(reference)
                if let newValue { state.push(newValue.reference) } else { state.pushNil() }
                unsafe perilune_lua_note_metatable(state.lua, -1)
                _ = unsafe lua_setmetatable(state.lua, -2)
            }
        }
    }

    /// Runs `body`, which reads tables within this one, as one crossing.
    package func reading<Result>(_ body: () throws -> Result) rethrows -> Result {
        guard let state = reference.state else { return try body() }
        return try state.budget.reading(body)
    }

    /// Asks whether the script's budget goes on: for loops that read element by element.
    package func checkBudget() throws(LuaError) { try reference.state?.budget.check() }

    /// A field of the metatable, or nil.
    package func metafield(_ name: String) -> LuaValue { metatable?[name] ?? .nil }
}
