extension LuaValue {
    /// The value in a few characters, for messages: strings in quotes and cut short, tables and the like by type.
    package var briefText: String {
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
    package static func text(of number: Double) -> String {
        if number.isNaN { return "nan" }
        if number.isInfinite { return number < 0 ? "-inf" : "inf" }
        return "\(number)"
    }

    static func quoted(_ text: String) -> String { "'" + text.brief() + "'" }
}

extension String {
    /// On one line and in at most `limit` characters, for messages: cut short, and with control characters as spaces.
    package func brief(_ limit: Int = 40) -> String {
        // Characters are found one after the other: of a long text only the beginning is looked at.
        let beginning = utf8.count > 8 * limit ? String(decoding: utf8.prefix(8 * limit), as: UTF8.self) : self
        let isCut = beginning.utf8.count < utf8.count || beginning.count > limit
        let shown = isCut ? beginning.prefix(limit - 1) + "…" : beginning[...]
        return String(shown.map { $0.isControl ? " " : $0 })
    }
}

extension String {
    /// With control characters but for ends of lines and tabs as Lua writes them (`\\27`): a terminal would obey them.
    package var withoutControls: String {
        guard unicodeScalars.contains(where: { $0.isControl }) else { return self }
        return unicodeScalars.reduce(into: "") { text, scalar in
            if scalar.isControl { text += "\\\(scalar.value)" } else { text.unicodeScalars.append(scalar) }
        }
    }
}

extension Unicode.Scalar {
    fileprivate var isControl: Bool { properties.generalCategory == .control && self != "\n" && self != "\t" }
}

extension Character {
    /// Whether a terminal would do something else with it than show it.
    fileprivate var isControl: Bool {
        isNewline || unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
}
