internal import PeriluneBinding
internal import PeriluneLuaRuntime

/// Shows values as a person at a prompt wants to see them: Lua values in Lua's own notation, tables with sorted keys,
/// objects of the library by what they hold. However large a value is, what is shown stays within bounds.
struct ValuePrinter {
    let state: LuaState
    let style: PromptStyle

    init(_ state: LuaState, _ style: PromptStyle) {
        self.state = state
        self.style = style
    }

    /// Characters of a string that is shown by itself, and of one within a table.
    private static let longString = 2000
    static let shortString = 120

    /// The value, over several lines where it has much to show; no line end at the end.
    func text(_ value: LuaValue) -> String {
        switch value {
        case .table(let table) where described(table) == nil:
            return ModuleDisplay.text(table, state, style) ?? TableText(self).text(table)
        case .object(let object):
            if let display = ObjectDisplay.text(object, state, style) { return display }
            return colored(leaf(value, isNested: false))
        case .function(let function): return FunctionDisplay.text(function, state, style)
        default: return colored(leaf(value, isNested: false))
        }
    }

    /// The value in one short line.
    func brief(_ value: LuaValue) -> String {
        switch value {
        case .table(let table) where described(table) == nil:
            let (elements, entries) = (table.count, table.entryCount)
            if entries <= 0 { return "{}" }
            let named = entries - elements
            let parts = [(elements, "element"), (named, "field")].filter { $0.0 > 0 }.map { count, what in
                "\(ShortNumber.grouped(count)) \(what)\(count == 1 ? "" : "s")"
            }
            return "table: " + parts.joined(separator: ", ")
        default: return colored(leaf(value, isNested: true))
        }
    }

    func colored(_ leaf: Leaf) -> String { style.colored(leaf.text, leaf.role) }

    /// A text that cannot be broken, and what it is.
    struct Leaf {
        var text: String
        var role: PromptStyle.Role
    }

    /// A value that is no plain table.
    func leaf(_ value: LuaValue, isNested: Bool) -> Leaf {
        let limit = isNested ? Self.shortString : Self.longString
        switch value {
        case .nil: return Leaf(text: "nil", role: .word)
        case .boolean(let value): return Leaf(text: value ? "true" : "false", role: .word)
        case .integer(let value): return Leaf(text: "\(value)", role: .number)
        case .number(let value): return Leaf(text: ShortNumber.lua(value), role: .number)
        case .string(let text):
            return Leaf(text: LuaQuoted.text(text, limit: limit, ellipsis: style.ellipsis), role: .string)
        case .bytes(let bytes):
            return Leaf(text: LuaQuoted.text(bytes, limit: limit, ellipsis: style.ellipsis), role: .string)
        case .table(let table): return Leaf(text: described(table) ?? "table", role: .object)
        case .function(let function): return Leaf(text: FunctionDisplay.brief(function), role: .object)
        case .object, .other: return Leaf(text: described(value), role: .object)
        }
    }

    /// What the table's own `__tostring` says; nil where it has none.
    func described(_ table: LuaTable) -> String? {
        table.metafield("__tostring").isNil ? nil : described(.table(table))
    }

    /// What `tostring` says, one line that is not too long; a fault in it is shown and not passed on.
    private func described(_ value: LuaValue) -> String {
        do {
            let text = try state.describe(value)
            let line = text.firstLine
            return line.count < text.count || line.count > Self.shortString
                ? String(line.prefix(Self.shortString)) + style.ellipsis : text
        } catch {
            return "\(value.typeName) whose __tostring failed: \(error.message.firstLine)"
        }
    }
}
