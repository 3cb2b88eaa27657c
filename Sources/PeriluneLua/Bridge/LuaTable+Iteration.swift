internal import CLua
internal import CLuaBridge

extension LuaTable {
    /// The sequence from 1 to the first nil.
    public var array: [LuaValue] {
        guard let state = reference.state else { return [] }
        return state.balanced {
            state.push(reference)
            var values: [LuaValue] = []
            while unsafe lua_rawgeti(state.lua, -1, lua_Integer(values.count + 1)) != LUA_TNIL {
                values.append(state.popValue())
            }
            return values
        }
    }

    /// The sequence as numbers, or nil where there is anything else in it: much quicker than `array` for long ones.
    public var numbers: [Double]? {
        guard let state = reference.state else { return nil }
        return state.balanced {
            state.push(reference)
            var values: [Double] = []
            values.reserveCapacity(count)
            while true {
                let type = unsafe lua_rawgeti(state.lua, -1, lua_Integer(values.count + 1))
                if type == LUA_TNIL { return values }
                guard type == LUA_TNUMBER else { return nil }
                values.append(unsafe lua_tonumberx(state.lua, -1, nil))
                state.pop()
            }
        }
    }

    /// How many entries the table has, of any key.
    public var entryCount: Int {
        guard let state = reference.state else { return 0 }
        return state.balanced {
            state.push(reference)
            return unsafe perilune_lua_count(state.lua)
        }
    }

    /// The fields with string keys, sorted by key.
    public var fields: [(name: String, value: LuaValue)] {
        entries.compactMap { entry in entry.key.string.map { ($0, entry.value) } }
    }

    /// All string keys, sorted.
    public var fieldNames: [String] { fields.map(\.name) }

    /// Whether the table has no entry at all.
    public var isEmpty: Bool { entryCount <= 0 }

    /// All entries: numbers first, in order, then strings, in order, then the rest as Lua has it.
    public var entries: [(key: LuaValue, value: LuaValue)] {
        guard let state = reference.state else { return [] }
        var entries: [(key: LuaValue, value: LuaValue)] = []
        state.balanced {
            state.push(reference)
            state.pushNil()
            // The table is not written to in between, so this ends at its end and not with an error.
            while true {
                let before = state.top
                unsafe lua_pushvalue(state.lua, before - 1)
                unsafe lua_rotate(state.lua, before, 1)
                guard unsafe perilune_lua_next(state.lua) == LUA_OK, state.top == before + 1 else { return }
                entries.append((state.value(at: -2), state.value(at: -1)))
                state.pop()
            }
        }
        return entries.sorted { $0.key.isOrdered(before: $1.key) }
    }
}

extension LuaValue {
    private var rank: Int {
        switch self {
        case .integer, .number: 0
        case .string, .bytes: 1
        default: 2
        }
    }

    /// A total order of numbers and strings; other keys stay where they are, behind those.
    func isOrdered(before other: LuaValue) -> Bool {
        if rank != other.rank { return rank < other.rank }
        if let number, let otherNumber = other.number { return number < otherNumber }
        return sortText.lexicographicallyPrecedes(other.sortText)
    }

    private var sortText: [UInt8] {
        switch self {
        case .string(let text): Array(text.utf8)
        case .bytes(let bytes): bytes
        default: []
        }
    }
}

extension LuaState {
    func push(_ integer: Int) { unsafe lua_pushinteger(lua, lua_Integer(integer)) }

    /// A new table with room for the given numbers of entries.
    public func makeTable(elements: Int = 0, fields: Int = 0) -> LuaTable {
        precondition(!isClosed, "the Lua state is closed")
        unsafe lua_createtable(lua, Int32(clamping: elements), Int32(clamping: fields))
        return LuaTable(popReference())
    }

    /// A new table that holds a sequence.
    public func makeTable(_ elements: [LuaValue]) -> LuaTable {
        let table = makeTable(elements: elements.count)
        for (offset, element) in elements.enumerated() { table[offset + 1] = element }
        return table
    }

    /// A new table with named fields.
    public func makeTable(_ fields: KeyValuePairs<String, LuaValue>) -> LuaTable {
        let table = makeTable(fields: fields.count)
        for (name, value) in fields { table[name] = value }
        return table
    }

    /// The table of global variables.
    public var globals: LuaTable {
        precondition(!isClosed, "the Lua state is closed")
        _ = unsafe lua_rawgeti(lua, perilune_lua_registry(), lua_Integer(LUA_RIDX_GLOBALS))
        return LuaTable(popReference())
    }

    /// The global variable of that name, read and written raw.
    public subscript(global name: String) -> LuaValue {
        get { globals[name] }
        set { globals[name] = newValue }
    }
}
