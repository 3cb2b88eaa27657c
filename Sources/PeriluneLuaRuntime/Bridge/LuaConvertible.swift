/// What a host hands to a script as it is: truth values, numbers, text, lists, dictionaries with text for keys, and
/// `LuaValue`s. Lists and dictionaries become new tables.
public protocol LuaConvertible {
    /// The value in `state`.
    /// - Throws: `LuaError` for a value of another state.
    func luaValue(in state: LuaState) throws(LuaError) -> LuaValue
}

extension LuaValue: LuaConvertible {
    public func luaValue(in state: LuaState) -> LuaValue { self }
}

extension Bool: LuaConvertible {
    public func luaValue(in state: LuaState) -> LuaValue { .boolean(self) }
}

extension Int: LuaConvertible {
    public func luaValue(in state: LuaState) -> LuaValue { .integer(self) }
}

extension Double: LuaConvertible {
    public func luaValue(in state: LuaState) -> LuaValue { .number(self) }
}

extension Float: LuaConvertible {
    public func luaValue(in state: LuaState) -> LuaValue { .number(Double(self)) }
}

extension String: LuaConvertible {
    public func luaValue(in state: LuaState) -> LuaValue { .string(self) }
}

extension Optional: LuaConvertible where Wrapped: LuaConvertible {
    public func luaValue(in state: LuaState) throws(LuaError) -> LuaValue {
        guard let self else { return .nil }
        return try self.luaValue(in: state)
    }
}

extension Array: LuaConvertible where Element: LuaConvertible {
    /// A sequence from 1.
    public func luaValue(in state: LuaState) throws(LuaError) -> LuaValue {
        let table = state.makeTable(elements: count)
        for (offset, element) in enumerated() {
            try table.set(.integer(offset + 1), try element.luaValue(in: state))
        }
        return .table(table)
    }
}

extension Dictionary: LuaConvertible where Key == String, Value: LuaConvertible {
    public func luaValue(in state: LuaState) throws(LuaError) -> LuaValue {
        let table = state.makeTable(fields: count)
        for (key, value) in self { try table.set(.string(key), try value.luaValue(in: state)) }
        return .table(table)
    }
}

extension LuaValue {
    public init(_ value: Bool) { self = .boolean(value) }
    public init(_ value: Int) { self = .integer(value) }
    public init(_ value: Double) { self = .number(value) }
    public init(_ value: String) { self = .string(value) }
}

extension LuaState {
    /// Sets a global variable. An object of a class that this state does not know becomes a plain value of its own.
    /// - Throws: `LuaError` for a value of another state, or where memory is out.
    package func setGlobal(_ name: String, to value: some LuaConvertible) throws(LuaError) {
        let value = try value.luaValue(in: self)
        if case .object(let object) = value, hostClass(of: object) == nil {
            register(LuaClassDefinition(name: "\(type(of: object))"), for: type(of: object))
        }
        // Whether it can be had here: setting it raw, so that no function of the script runs, would not say.
        try push(value)
        pop()
        self[global: name] = value
    }
}
