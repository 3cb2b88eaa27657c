internal import PeriluneBinding
internal import PeriluneItems
internal import PeriluneLuaRuntime

/// What an expression stands for, as far as that can be told without running it.
enum Meaning {
    case nothing
    case value(LuaValue)
    /// The module `perilune`, or a part of it, and its table.
    case module(ModuleBinding, LuaTable?)
    /// A function or method of the library.
    case function(Binding)
    /// Some object of a class: what a call would return.
    case instance(ClassBinding)

    /// The names that may follow a dot, or a colon.
    func members(after separator: String, in state: LuaState) -> [String] {
        let isCall = separator == ":"
        switch self {
        case .nothing, .function: return []
        case .module(let module, let table):
            return isCall ? [] : module.memberNames + (table?.someFields().map(\.name) ?? [])
        case .instance(let binding): return Self.members(of: binding, isCall: isCall)
        case .value(.table(let table)):
            return Self.fields(of: table).filter { !isCall || $0.value.function != nil }.map(\.name)
        case .value(.object(let object)):
            guard let binding = state.binding(of: object) else { return [] }
            return Self.members(of: binding, isCall: isCall) + (isCall ? [] : binding.fieldNames?(object) ?? [])
        case .value(.string), .value(.bytes):
            return isCall ? state.globals["string"].table?.someFields().map(\.name) ?? [] : []
        case .value(let value):
            // Files and the like: a metatable with methods in a table.
            guard isCall, let table = state.metatable(of: value)?["__index"].table else { return [] }
            return table.someFields().map(\.name)
        }
    }

    /// All of them, for "did you mean".
    func members(in state: LuaState) -> [String] {
        members(after: ".", in: state) + members(after: ":", in: state)
    }

    private static func members(of binding: ClassBinding, isCall: Bool) -> [String] {
        isCall ? binding.allMethods.map(\.name) : binding.allProperties.flatMap(\.allNames)
    }

    /// The fields of a table and of the tables behind its `__index`.
    private static func fields(of table: LuaTable) -> [(name: String, value: LuaValue)] {
        var fields = table.someFields()
        var ancestor = table
        for _ in 0..<20 {
            guard let next = ancestor.metafield("__index").table else { break }
            fields += next.someFields()
            ancestor = next
        }
        return fields
    }
}

extension LuaTable {
    /// A field, or that of a table behind `__index`. Runs nothing.
    func inherited(_ name: String) -> LuaValue {
        var table = self
        for _ in 0..<20 {
            if case let value = table[name], !value.isNil { return value }
            guard let next = table.metafield("__index").table else { break }
            table = next
        }
        return .nil
    }
}
