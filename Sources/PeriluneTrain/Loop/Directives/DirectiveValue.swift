/// A value of a directive as a script, or a file, writes it.
public enum DirectiveValue: Hashable, Sendable {
    case boolean(Bool)
    case number(Double)
    case string(String)
    case table([Entry])
    /// Anything else, by the name of its type.
    case other(String)

    /// A key and its value.
    public struct Entry: Hashable, Sendable {
        public var key: String
        public var value: DirectiveValue

        public init(_ key: String, _ value: DirectiveValue) {
            self.key = key
            self.value = value
        }
    }

    /// The value in an error message: `the string "fast"`, `-1.0`, `a function`.
    public var description: String {
        switch self {
        case .boolean(let value): String(value)
        case .number(let value): "\(value)"
        case .string(let text): "the string \"\(text)\""
        case .table: "a table"
        case .other(let type): "a \(type)"
        }
    }
}

extension Logs {
    /// The number that a script's value stands for in logs: a number, or a boolean as 1 or 0.
    /// - Throws: `DirectiveError` for anything else.
    public static func number(_ value: DirectiveValue, for name: String) throws(DirectiveError) -> Double {
        switch value {
        case .number(let number): number
        case .boolean(let flag): flag ? 1 : 0
        case .string, .table, .other:
            throw DirectiveError(key: name, "logs take numbers and booleans; '\(name)' is \(value.description)")
        }
    }
}
