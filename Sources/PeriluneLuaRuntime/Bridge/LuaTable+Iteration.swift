internal import CLua
internal import CLuaBridge

// Reading a whole table. Each of these throws where the script's budget does not have so many values, or its time is
// over: see `ScriptBudget`.
extension LuaTable {
    /// The sequence from 1 to the first nil.
    public var array: [LuaValue] {
        get throws(LuaError) {
            guard let state = reference.state else { return [] }
            return try state.balanced { () throws(LuaError) in
                state.push(reference)
                state.budget.beginTable()
                var values: [LuaValue] = []
                while unsafe lua_rawgeti(state.lua, -1, lua_Integer(values.count + 1)) != LUA_TNIL {
                    values.append(state.popValue())
                    try state.budget.check()
                }
                return values
            }
        }
    }

    /// The sequence as numbers, or nil where there is anything else in it: much quicker than `array` for long ones.
    public var numbers: [Double]? {
        get throws(LuaError) {
            guard let state = reference.state else { return nil }
            return try state.balanced { () throws(LuaError) in
                state.push(reference)
                state.budget.beginTable()
                state.budget.count(numbers: count)
                try state.budget.check()
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
        get throws(LuaError) { try entries.compactMap { entry in entry.key.string.map { ($0, entry.value) } } }
    }

    /// All string keys, sorted.
    public var fieldNames: [String] {
        get throws(LuaError) {
            // A long list has none, and need not be looked through.
            if count > 0, entryCount == count { return [] }
            var names: [String] = []
            try forEachEntry { state throws(LuaError) in
                guard unsafe lua_type(state.lua, -2) == LUA_TSTRING else { return state.budget.count(numbers: 1) }
                if let name = state.value(at: -2).string { names.append(name) }
            }
            return names.sorted { $0.isOrdered(before: $1) }
        }
    }

    /// Whether the table has no entry at all.
    public var isEmpty: Bool { entryCount <= 0 }

    /// All entries: numbers first, in order, then strings, in order, then the rest as Lua has it.
    public var entries: [(key: LuaValue, value: LuaValue)] {
        get throws(LuaError) {
            var entries: [(key: LuaValue, value: LuaValue)] = []
            try forEachEntry { state throws(LuaError) in
                entries.append((state.value(at: -2), state.value(at: -1)))
            }
            return entries.sorted { $0.key.isOrdered(before: $1.key) }
        }
    }

    /// Some of the fields with string keys, as Lua has them: for who shows a table and need not know it whole.
    package func someFields(atMost limit: Int = 5000) -> [(name: String, value: LuaValue)] {
        var fields: [(name: String, value: LuaValue)] = []
        try? forEachEntry { (state) throws(LuaError) in
            if let name = state.value(at: -2).string { fields.append((name, state.value(at: -1))) }
            if fields.count >= limit { throw LuaError(.memory, "") }
        }
        return fields.sorted { $0.name.isOrdered(before: $1.name) }
    }

    /// Runs `body` for each entry with key and value on top of the stack.
    private func forEachEntry(_ body: (LuaState) throws(LuaError) -> Void) throws(LuaError) {
        guard let state = reference.state else { return }
        try state.balanced { () throws(LuaError) in
            state.push(reference)
            state.pushNil()
            state.budget.beginTable()
            // The table is not written to in between, so this ends at its end and not with an error.
            while true {
                let before = state.top
                unsafe lua_pushvalue(state.lua, before - 1)
                unsafe lua_rotate(state.lua, before, 1)
                guard unsafe perilune_lua_next(state.lua) == LUA_OK, state.top == before + 1 else { return }
                try body(state)
                try state.budget.check()
                state.pop()
            }
        }
    }
}

extension LuaValue {
    private var rank: Int {
        switch self {
        case .integer, .number: 0
        case .string, .bytes: 1
        case .nil, .boolean, .table, .function, .object, .other: 2
        }
    }

    /// A total order of numbers and strings; other keys stay where they are, behind those.
    func isOrdered(before other: LuaValue) -> Bool {
        if rank != other.rank { return rank < other.rank }
        if let number, let otherNumber = other.number { return number < otherNumber }
        switch (self, other) {
        case (.string(let left), .string(let right)): return left.isOrdered(before: right)
        case (.bytes(let left), .bytes(let right)): return left.lexicographicallyPrecedes(right)
        case (.string(let left), .bytes(let right)): return left.utf8.lexicographicallyPrecedes(right)
        case (.bytes(let left), .string(let right)): return left.lexicographicallyPrecedes(right.utf8)
        default: return false
        }
    }
}

extension String {
    /// The order of the bytes.
    fileprivate func isOrdered(before other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
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
