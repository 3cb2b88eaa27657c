internal import PeriluneItems
internal import PeriluneLuaRuntime

// Checks of what is inside a table.
extension ParameterType {
    func checkList(
        _ value: LuaValue, _ element: ParameterType, _ count: ClosedRange<Int>, _ state: LuaState
    ) throws(Mismatch) {
        // A long list of whatever there is need not be read to know what it is.
        if case .any = element, let table = value.table, case let length = table.count, count.contains(length),
            table.entryCount == length
        {
            return
        }
        let entries = try sequence(value, state)
        guard count.contains(entries.count) else {
            throw .type(path: "", expected: text, got: "\(entries.count)")
        }
        for (offset, entry) in entries.enumerated() {
            do { try element.check(entry, in: state) } catch { throw error.below("[\(offset + 1)]") }
        }
    }

    func checkTuple(_ value: LuaValue, _ types: [ParameterType], _ state: LuaState) throws(Mismatch) {
        let entries = try sequence(value, state)
        guard entries.count == types.count else { throw .type(path: "", expected: text, got: "\(entries.count)") }
        for (offset, type) in types.enumerated() {
            do { try type.check(entries[offset], in: state) } catch { throw error.below("[\(offset + 1)]") }
        }
    }

    private func read<Result>(_ body: () throws(LuaError) -> Result) throws(Mismatch) -> Result {
        do { return try body() } catch { throw .unread(error) }
    }

    /// The elements of a table that is a sequence and nothing else.
    private func sequence(_ value: LuaValue, _ state: LuaState) throws(Mismatch) -> [LuaValue] {
        guard let table = value.table else {
            throw .type(path: "", expected: text, got: state.typeName(of: value))
        }
        let elements = try read { () throws(LuaError) in try table.array }
        if table.entryCount != elements.count,
            let stranger = try read({ () throws(LuaError) in try table.entries }).first(where: {
                !$0.key.isIndex(upTo: elements.count)
            })
        {
            throw .type(path: "", expected: text, got: "table with the key \(stranger.key.keyText)")
        }
        return elements
    }

    func checkMap(_ value: LuaValue, _ element: ParameterType, _ state: LuaState) throws(Mismatch) {
        guard let table = value.table else {
            throw .type(path: "", expected: text, got: state.typeName(of: value))
        }
        for (key, entry) in try read({ () throws(LuaError) in try table.entries }) {
            guard let name = key.string else {
                throw .type(path: "", expected: text, got: "table with the key \(key.keyText)")
            }
            do { try element.check(entry, in: state) } catch { throw error.below(".\(name)") }
        }
    }

    func checkRecord(_ value: LuaValue, _ fields: [Parameter], _ state: LuaState) throws(Mismatch) {
        guard let table = value.table else {
            throw .type(path: "", expected: text, got: state.typeName(of: value))
        }
        for (key, entry) in try read({ () throws(LuaError) in try table.entries }) {
            guard let name = key.string, let field = fields.first(where: { $0.answers(to: name) }) else {
                let hint = key.string.map { NearestName.hint($0, among: fields.flatMap(\.allNames)) } ?? ""
                throw .field(path: "", name: key.string ?? key.keyText, hint: hint)
            }
            do { try field.type.check(entry, in: state) } catch { throw error.below(".\(name)") }
        }
        for field in fields where field.isRequired && field.allNames.allSatisfy({ table[$0].isNil }) {
            throw .type(path: ".\(field.name)", expected: field.type.text, got: "nil")
        }
    }
}

extension LuaValue {
    fileprivate func isIndex(upTo count: Int) -> Bool {
        if case .integer(let index) = self { index >= 1 && index <= count } else { false }
    }

    /// A table key as messages show it: `[3]`, `'name'`.
    package var keyText: String {
        switch self {
        case .string: briefText
        case .integer, .number: "[\(briefText)]"
        default: "of type \(typeName)"
        }
    }
}
