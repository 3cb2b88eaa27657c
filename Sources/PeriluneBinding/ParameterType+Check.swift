internal import PeriluneItems
package import PeriluneLuaRuntime

/// Why a value does not fit its parameter; worded elsewhere.
package enum Mismatch: Error {
    /// The value at `path` below the argument (`""`, `.steps`, `[2]`) is of another type or out of range.
    case type(path: String, expected: String, got: String, hint: String = "")
    /// The table at `path` has a field that it cannot have.
    case field(path: String, name: String, hint: String)
    /// The value was not read to its end: the script has to end.
    case unread(LuaError)

    /// The same mismatch, seen from the table that holds the value.
    func below(_ step: String) -> Mismatch {
        switch self {
        case .type(let path, let expected, let got, let hint):
            .type(path: step + path, expected: expected, got: got, hint: hint)
        case .field(let path, let name, let hint): .field(path: step + path, name: name, hint: hint)
        case .unread: self
        }
    }
}

extension ParameterType {
    /// Throws unless `value` is of this type.
    package func check(_ value: LuaValue, in state: LuaState) throws(Mismatch) {
        if value.isUnknown { return }
        switch self {
        case .any: return
        case .boolean: try require(value.boolean != nil, value, state)
        case .whole(let range): try checkWhole(value, range, state)
        case .real(let range): try checkNumber(value, range, state)
        case .string, .catalogue: try require(value.typeName == "string", value, state)
        case .enumeration(let names): try checkName(value, names, state)
        case .function: try require(value.function != nil, value, state)
        case .table, .shaped: try require(value.table != nil, value, state)
        case .list(let element, let count): try checkList(value, element, count, state)
        case .map(let element): try checkMap(value, element, state)
        case .record(let fields): try checkRecord(value, fields, state)
        case .host(let name):
            try require(value.object.flatMap(state.hostClass)?.names.contains(name) ?? false, value, state)
        case .union(let types): try checkUnion(value, types, state)
        case .named(_, let type):
            do { try type.check(value, in: state) } catch { throw deeper(error) ?? mismatch(value, state) }
        case .tuple(let types): try checkTuple(value, types, state)
        }
    }

    private func require(_ fits: Bool, _ value: LuaValue, _ state: LuaState) throws(Mismatch) {
        if !fits { throw mismatch(value, state) }
    }

    private func mismatch(_ value: LuaValue, _ state: LuaState) -> Mismatch {
        .type(path: "", expected: text, got: isScalar ? state.shownText(of: value) : state.typeName(of: value))
    }

    private func checkWhole(_ value: LuaValue, _ range: ClosedRange<Int>, _ state: LuaState) throws(Mismatch) {
        guard let number = value.integer else { throw mismatch(value, state) }
        if range.contains(number) { return }
        guard abs(Double(number)) > Double(Self.mostWhole) else { throw mismatch(value, state) }
        // The type's text says nothing of the bounds that all whole numbers have.
        let bound = number < 0 ? "at least \(range.lowerBound)" : "at most \(range.upperBound)"
        throw .type(path: "", expected: "integer of \(bound)", got: state.shownText(of: value))
    }

    private func checkNumber(_ value: LuaValue, _ range: NumberRange, _ state: LuaState) throws(Mismatch) {
        guard let number = value.number else { throw mismatch(value, state) }
        if range.contains(number) { return }
        if number.isFinite { throw mismatch(value, state) }
        throw .type(path: "", expected: "finite \(text)", got: state.shownText(of: value))
    }

    private func checkName(_ value: LuaValue, _ names: [String], _ state: LuaState) throws(Mismatch) {
        guard let name = value.string else { throw mismatch(value, state) }
        if names.contains(name) { return }
        let hint = NearestName.hint(name, among: names)
        throw .type(path: "", expected: text, got: state.shownText(of: value), hint: hint)
    }

    private func checkUnion(_ value: LuaValue, _ types: [ParameterType], _ state: LuaState) throws(Mismatch) {
        var inside: Mismatch?
        var nearest = ""
        for type in types {
            do {
                return try type.check(value, in: state)
            } catch {
                inside = inside ?? deeper(error)
                if case .type(_, _, _, let hint) = error, nearest.isEmpty { nearest = hint }
            }
        }
        if let inside { throw inside }
        guard case .type(let path, let expected, let got, _) = mismatch(value, state) else { return }
        throw .type(path: path, expected: expected, got: got, hint: nearest)
    }

    /// The mismatch where it is about something inside the value: that says more than the type as a whole.
    private func deeper(_ mismatch: Mismatch) -> Mismatch? {
        switch mismatch {
        case .type(let path, _, _, _): path.isEmpty ? nil : mismatch
        case .field, .unread: mismatch
        }
    }
}

extension LuaState {
    /// A value as messages show what they got.
    package func shownText(of value: LuaValue) -> String {
        switch value {
        case .object: typeName(of: value)
        case .boolean: "boolean"
        default: value.briefText
        }
    }
}
