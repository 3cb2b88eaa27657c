extension LuaValue {
    /// The value in a few characters, for messages: strings in quotes and cut short, tables and the like by type.
    var briefText: String {
        switch self {
        case .nil: "nil"
        case .boolean(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .number(let value): Self.text(of: value)
        case .string(let value): Self.quoted(value)
        case .bytes: "a string that is not UTF-8"
        default: typeName
        }
    }

    /// A float as Lua 5.4 prints it, near enough for people: `1.0`, `0.001`, `1e-08`, `inf`, `nan`.
    static func text(of number: Double) -> String {
        if number.isNaN { return "nan" }
        if number.isInfinite { return number < 0 ? "-inf" : "inf" }
        return "\(number)"
    }

    static func quoted(_ text: String) -> String {
        let limit = 40
        let shown = text.count > limit ? text.prefix(limit - 1) + "…" : text[...]
        return "'" + String(shown.map { $0.isNewline || $0 == "\0" ? " " : $0 }) + "'"
    }
}
