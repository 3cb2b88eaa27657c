internal import PeriluneBinding
internal import PeriluneGraph
internal import PeriluneItems
internal import PeriluneLuaRuntime
internal import PeriluneTrain

// Lua values as checkpoints keep them: what `self.state` may hold.
extension LuaState {
    /// A value with all that is in it.
    /// - Parameter path: what messages call the value.
    /// - Throws: `CallbackFault` that names what no file can hold: a function, an object, a table within itself.
    func stateValue(_ value: LuaValue, path: String) throws -> StateValue {
        try budget.reading { try stateValue(value, path, depth: 0) }
    }

    private func stateValue(_ value: LuaValue, _ path: String, depth: Int) throws -> StateValue {
        switch value {
        case .nil: return .null
        case .boolean(let value): return .boolean(value)
        case .integer(let value): return .integer(value)
        case .number(let value): return .number(value)
        case .string(let value): return .text(value)
        case .bytes(let value): return .bytes(value)
        case .table(let table):
            guard depth < Nesting.deepest else {
                throw CallbackFault("\(path) holds itself, or is nested too deeply, and cannot be saved")
            }
            return try stateValue(table, path, depth: depth + 1)
        case .object(let object):
            guard let tensor = object as? LuaTensor else {
                throw CallbackFault("\(path) is a \(typeName(of: value)), which cannot be saved")
            }
            return .tensor(try tensor.value)
        case .function, .other:
            throw CallbackFault("\(path) is a \(value.typeName), which cannot be saved")
        }
    }

    private func stateValue(_ table: LuaTable, _ path: String, depth: Int) throws -> StateValue {
        let entries = try table.entries
        let isList = !entries.isEmpty && entries.count == table.count
        if isList {
            return .list(
                try table.array.enumerated().map { try stateValue($1, "\(path)[\($0 + 1)]", depth: depth) })
        }
        if entries.allSatisfy({ $0.key.string != nil }) {
            var fields: [String: StateValue] = [:]
            for (key, value) in entries {
                let name = key.string ?? ""
                fields[name] = try stateValue(value, "\(path).\(name)", depth: depth)
            }
            return .record(fields)
        }
        return .pairs(
            try entries.map { key, value in
                let place = key.string.map { "\(path).\($0)" } ?? path + key.keyText
                return .init(
                    try stateValue(key, "a key of \(path)", depth: depth), try stateValue(value, place, depth: depth))
            })
    }

    /// The Lua value that `stateValue` was made of.
    func luaValue(_ value: StateValue) throws(LuaError) -> LuaValue {
        switch value {
        case .null: return .nil
        case .boolean(let value): return .boolean(value)
        case .integer(let value): return .integer(value)
        case .number(let value): return .number(value)
        case .text(let value): return .string(value)
        case .bytes(let value): return .bytes(value)
        case .tensor(let tensor): return .object(LuaTensor(tensor))
        case .list, .record, .pairs:
            let table = makeTable()
            try fill(table, from: value)
            return .table(table)
        }
    }

    /// Makes a table hold what `value` says and nothing else. The table itself stays: functions may have it in a local.
    func fill(_ table: LuaTable, from value: StateValue) throws(LuaError) {
        for (key, _) in try table.entries { try table.set(key, .nil) }
        switch value {
        case .list(let values):
            for (offset, element) in values.enumerated() { table[offset + 1] = try luaValue(element) }
        case .record(let fields):
            for (name, element) in fields { table[name] = try luaValue(element) }
        case .pairs(let pairs):
            for pair in pairs { try table.set(luaValue(pair.key), luaValue(pair.value)) }
        case .null, .boolean, .integer, .number, .text, .bytes, .tensor: break
        }
    }
}
