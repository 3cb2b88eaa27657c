internal import CLua

/// A Lua value as Swift sees it.
///
/// Strings that are not valid UTF-8 arrive as `bytes`, so that nothing is lost on the way back.
public enum LuaValue {
    case `nil`
    case boolean(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case bytes([UInt8])
    case table(LuaTable)
    case function(LuaFunction)
    /// An instance of a Swift class whose class is registered with the state.
    case object(AnyObject)
    /// A coroutine, or userdata of someone else.
    case other(LuaReference)
}

extension LuaValue {
    public var isNil: Bool {
        if case .nil = self { true } else { false }
    }

    public var boolean: Bool? {
        if case .boolean(let value) = self { value } else { nil }
    }

    /// The integer, also where it is a float with an integral value.
    public var integer: Int? {
        switch self {
        case .integer(let value): value
        case .number(let value): Int(exactly: value)
        default: nil
        }
    }

    /// The number, integer or float.
    public var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    public var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    public var table: LuaTable? {
        if case .table(let value) = self { value } else { nil }
    }

    public var function: LuaFunction? {
        if case .function(let value) = self { value } else { nil }
    }

    /// What keeps a table, or another value that Lua has by reference, alive.
    var reference: LuaReference? {
        switch self {
        case .table(let table): table.reference
        case .function(let function): function.reference
        case .other(let reference): reference
        case .nil, .boolean, .integer, .number, .string, .bytes, .object: nil
        }
    }

    public var object: AnyObject? {
        if case .object(let value) = self { value } else { nil }
    }

    /// The host object, where it is of this class.
    public func object<Object: AnyObject>(as type: Object.Type) -> Object? {
        object as? Object
    }

    /// What Lua's `type` says.
    public var typeName: String {
        switch self {
        case .nil: "nil"
        case .boolean: "boolean"
        case .integer, .number: "number"
        case .string, .bytes: "string"
        case .table: "table"
        case .function: "function"
        case .object: "userdata"
        case .other(let reference): reference.typeName
        }
    }
}

extension LuaValue: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByStringLiteral, ExpressibleByNilLiteral
{
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
    public init(integerLiteral value: Int) { self = .integer(value) }
    public init(floatLiteral value: Double) { self = .number(value) }
    public init(stringLiteral value: String) { self = .string(value) }
    public init(nilLiteral: ()) { self = .nil }
}

extension LuaValue: Equatable {
    /// Equality as `rawequal` has it: integers equal floats of the same value, tables and functions are equal where
    /// they are the same one.
    public static func == (left: LuaValue, right: LuaValue) -> Bool {
        switch (left, right) {
        case (.nil, .nil): true
        case (.boolean(let a), .boolean(let b)): a == b
        case (.integer(let a), .integer(let b)): a == b
        case (.integer, .number), (.number, .integer), (.number, .number): left.number == right.number
        case (.string(let a), .string(let b)): a == b
        case (.bytes(let a), .bytes(let b)): a == b
        case (.object(let a), .object(let b)): a === b
        case (.table(let a), .table(let b)): a.reference.isSame(as: b.reference)
        case (.function(let a), .function(let b)): a.reference.isSame(as: b.reference)
        case (.other(let a), .other(let b)): a.isSame(as: b)
        default: false
        }
    }
}

extension LuaReference {
    /// What Lua's `type` says; "userdata" once the state is closed.
    fileprivate var typeName: String {
        guard let state else { return "userdata" }
        return state.balanced {
            state.push(self)
            return unsafe lua_type(state.lua, -1) == LUA_TTHREAD ? "thread" : "userdata"
        }
    }

    package func isSame(as other: LuaReference) -> Bool {
        if self === other { return true }
        guard let state, other.anchor === anchor else { return false }
        return state.isRawEqual(self, other)
    }
}
