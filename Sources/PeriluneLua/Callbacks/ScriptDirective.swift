internal import PeriluneBinding
internal import PeriluneItems
internal import PeriluneLuaRuntime
internal import PeriluneTrain

extension Directive {
    /// The directive with the files that it names as the script may use them.
    /// - Throws: `DirectiveError` where the script may not.
    func withGrantedPaths(_ access: FileAccess) throws(DirectiveError) -> Directive {
        var directive = self
        for index in wishes.indices {
            directive.wishes[index] = try wishes[index].mappingPaths { path, key, use throws(DirectiveError) in
                do throws(OptionFault) {
                    return try ScriptReach(files: access).path(path, for: use)
                } catch {
                    throw DirectiveError(key: key.rawValue, error.reason)
                }
            }
        }
        return directive
    }
}

/// What a callback of a script returned, as a directive.
enum ScriptDirective {
    /// - Throws: `DirectiveError` for anything that is no directive.
    static func directive(_ value: LuaValue, hyperparameters: [String]) throws -> Directive? {
        switch value {
        case .nil: return nil
        case .string(let word): return try Directive(word: word)
        case .table(let table):
            // A list is none, however long: it is refused before it is read.
            if table.count > 0 { _ = try Directive([.init("[1]", .other("value"))], hyperparameters: hyperparameters) }
            return try table.reading {
                try Directive(
                    entries(of: table, "a directive"), hyperparameters: hyperparameters
                ) { try directiveValue($0) }
            }
        case .boolean, .integer, .number, .bytes, .function, .object, .other:
            let hint = value == true ? "; to stop, return \"stop\"" : ""
            throw DirectiveError(
                key: "", "a callback returns nothing, \"stop\" or a table, got \(value.briefText)\(hint)")
        }
    }

    /// The entries that a table itself holds.
    /// - Throws: `DirectiveError` where it gives others by its metatable, of which no list can be made; `LuaError`
    ///   where there are more than the script's budget has room for.
    private static func entries(of table: LuaTable, _ what: String) throws -> [(key: String, value: LuaValue)] {
        guard table.metafield("__index").isNil else {
            throw DirectiveError(
                key: "", "\(what) must be a plain table, got one that takes its fields from a metatable (__index)")
        }
        return try table.entries.map { (key: $0.key.string ?? $0.key.keyText, value: $0.value) }
    }

    /// The value of a known key. None takes tables in its table, so those are not looked into.
    private static func directiveValue(_ value: LuaValue, isWithin: Bool = false) throws -> DirectiveValue {
        switch value {
        case .boolean(let value): return .boolean(value)
        case .integer(let value): return .number(Double(value))
        // 0/0 has a sign, which messages should not show.
        case .number(let value): return .number(value.isNaN ? .nan : value)
        case .string(let value): return .string(value)
        case .table(let table) where !isWithin:
            var list: [DirectiveValue.Entry] = []
            for (key, value) in try entries(of: table, "a table in a directive") {
                list.append(.init(key, try directiveValue(value, isWithin: true)))
            }
            return .table(list)
        case .nil, .bytes, .table, .function, .object, .other: return .other(value.typeName)
        }
    }
}
