internal import CLua
internal import CLuaBridge

/// Some entries of a table, and how many others there are. Reads raw, and of a large table no more than it must.
package struct TableSample {
    /// The first elements of the sequence.
    package private(set) var elements: [LuaValue] = []
    package private(set) var elementsLeft = 0
    /// The other entries, sorted by key.
    package private(set) var fields: [(key: LuaValue, value: LuaValue)] = []
    package private(set) var fieldsLeft = 0

    /// So many entries are looked at to find the first ones in order.
    private static let looked = 5000

    package init(_ table: LuaTable, elements elementLimit: Int, fields fieldLimit: Int) {
        guard let state = table.reference.state else { return }
        // A border: with gaps beyond it the rest counts as fields.
        let length = table.count
        for index in 1..<(min(length, elementLimit) + 1) { elements.append(table[index]) }
        elementsLeft = length - elements.count
        let others = max(0, table.entryCount - length)
        guard others > 0 else { return }
        fields = Array(Self.fields(of: table, beyond: length, in: state).prefix(fieldLimit))
        fieldsLeft = others - fields.count
    }

    private static func fields(
        of table: LuaTable, beyond length: Int, in state: LuaState
    ) -> [(key: LuaValue, value: LuaValue)] {
        var found: [(key: LuaValue, value: LuaValue)] = []
        state.balanced {
            state.push(table.reference)
            state.pushNil()
            while found.count < looked {
                let before = state.top
                unsafe lua_pushvalue(state.lua, before - 1)
                unsafe lua_rotate(state.lua, before, 1)
                guard unsafe perilune_lua_next(state.lua) == LUA_OK, state.top == before + 1 else { return }
                let isElement =
                    unsafe lua_isinteger(state.lua, -2) != 0
                    && (1...max(1, length)).contains(Int(unsafe lua_tointegerx(state.lua, -2, nil))) && length > 0
                if !isElement { found.append((state.value(at: -2), state.value(at: -1))) }
                state.pop()
            }
        }
        return found.sorted { $0.key.isOrdered(before: $1.key) }
    }
}
