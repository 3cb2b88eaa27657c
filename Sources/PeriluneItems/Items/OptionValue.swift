/// The value of an option, as it crosses between worlds: from a script, a file or a program to the item that takes it,
/// and back in the item's description.
public enum OptionValue: Hashable, Sendable {
    case boolean(Bool)
    case integer(Int)
    case number(Double)
    case text(String)
    case list([OptionValue])
    case record([String: OptionValue])
    /// Another item by its name and options.
    case item(ItemDescription)
}

/// An item as a value: what it is called and which options it has. It can be written to a file, sent to another thread,
/// and made into an equal item again.
public struct ItemDescription: Hashable, Sendable {
    /// The name in snake_case, as its declaration has it: `l2`.
    public var name: String
    /// The options by their declared names; those that have no value are left out.
    public var options: [String: OptionValue]

    public init(_ name: String, _ options: [String: OptionValue] = [:]) {
        self.name = name
        self.options = options
    }
}

/// What is given for an option: a value, or items that are there already, such as a regularizer that a script made or
/// one that a host program wrote itself.
public enum OptionInput {
    case value(OptionValue)
    /// An item that was made before. What takes it knows its type.
    case made(Any)
    /// Elements of which some were made before.
    case list([OptionInput])
}

extension OptionInput {
    /// The elements of a list; a single value counts as a list of one.
    package var elements: [OptionInput] {
        switch self {
        case .value(.list(let values)): values.map { .value($0) }
        case .list(let inputs): inputs
        case .value, .made: [self]
        }
    }

    /// The fields of a record; those of an empty table are none. Nil for anything else.
    package var fields: [String: OptionInput]? {
        switch self {
        case .value(.record(let fields)): fields.mapValues { .value($0) }
        case .value(.list([])): [:]
        case .list(let elements) where elements.isEmpty: [:]
        case .value, .made, .list: nil
        }
    }

    /// The value; nil where an item that was made before is part of it.
    package var plain: OptionValue? {
        switch self {
        case .value(let value): return value
        case .made: return nil
        case .list(let inputs):
            let values = inputs.compactMap(\.plain)
            return values.count == inputs.count ? .list(values) : nil
        }
    }

    /// A whole number; a float with a whole value counts.
    package var integer: Int? {
        switch self {
        case .value(.integer(let value)): value
        case .value(.number(let value)): Int(exactly: value)
        case .value, .made, .list: nil
        }
    }

    package var number: Double? {
        switch self {
        case .value(.integer(let value)): Double(value)
        case .value(.number(let value)): value
        case .value, .made, .list: nil
        }
    }

    /// On one line, as messages show what they got.
    package var briefText: String {
        switch self {
        case .value(.text(let text)): "'\(text)'"
        case .value(.list), .value(.record), .list: "table"
        case .value(let value): value.text
        case .made: "object"
        }
    }
}

extension OptionValue {
    /// The value as help and messages show it, the way a script writes it: `0.5`, `"relu"`, `{ 1, 2 }`.
    public var text: String {
        switch self {
        case .boolean(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .number(let value): NumberRange.text(value)
        case .text(let value): "\"\(value)\""
        case .list(let values): values.isEmpty ? "{}" : "{ \(values.map(\.text).joined(separator: ", ")) }"
        case .record(let fields): fields.isEmpty ? "{}" : "{ \(Self.fields(fields)) }"
        case .item(let item) where item.options.isEmpty: "\"\(item.name)\""
        case .item(let item): "{ \"\(item.name)\", \(Self.fields(item.options)) }"
        }
    }

    private static func fields(_ fields: [String: OptionValue]) -> String {
        fields.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value.text)" }.joined(separator: ", ")
    }
}
