internal import PeriluneItems
internal import PeriluneTrain

extension Directive {
    /// The directive with the files that it names as the script may use them.
    /// - Throws: `DirectiveError` where the script may not.
    func withGrantedPaths(_ access: FileAccess) throws(DirectiveError) -> Directive {
        guard !save.isEmpty || restore != nil else { return self }
        func granted(_ path: String, _ key: String, _ use: FileAccess.Use) throws(DirectiveError) -> String {
            do { return try access.path(path, for: use) } catch { throw DirectiveError(key: key, error.description) }
        }
        var directive = self
        for index in save.indices { directive.save[index] = try granted(save[index], "save", .write) }
        if case .path(let path) = restore?.source {
            directive.restore?.source = .path(try granted(path, "restore", .read))
        }
        return directive
    }
}

/// What a callback of a script returned, as a directive.
enum ScriptDirective {
    /// - Throws: `DirectiveError` for anything that is no directive.
    static func directive(_ value: LuaValue, hyperparameters: [String]) throws(DirectiveError) -> Directive? {
        switch value {
        case .nil: return nil
        case .string(let word): return try Directive(word: word)
        case .table(let table):
            return try Directive(entries(of: table, depth: 0), hyperparameters: hyperparameters)
        case .boolean, .integer, .number, .bytes, .function, .object, .other:
            let hint = value == true ? "; to stop, return \"stop\"" : ""
            throw DirectiveError(
                key: "", "a callback returns nothing, \"stop\" or a table, got \(value.briefText)\(hint)")
        }
    }

    private static func entries(of table: LuaTable, depth: Int) -> [DirectiveValue.Entry] {
        table.entries.map { entry in
            DirectiveValue.Entry(entry.key.string ?? entry.key.keyText, directiveValue(entry.value, depth: depth + 1))
        }
    }

    /// No directive nests deeper than one table in another, so a table that holds itself does no harm.
    private static func directiveValue(_ value: LuaValue, depth: Int) -> DirectiveValue {
        switch value {
        case .boolean(let value): .boolean(value)
        case .integer(let value): .number(Double(value))
        // 0/0 has a sign, which messages should not show.
        case .number(let value): .number(value.isNaN ? .nan : value)
        case .string(let value): .string(value)
        case .table(let table) where depth <= 2: .table(entries(of: table, depth: depth))
        case .nil, .bytes, .table, .function, .object, .other: .other(value.typeName)
        }
    }
}
