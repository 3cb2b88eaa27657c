import Perilune
import PeriluneBinding
import PeriluneItems
import PeriluneLuaRuntime

/// Collects what is wrong with a script, and knows what there is to be right about.
struct ScriptFindings {
    /// The module `perilune`.
    let module: ModuleBinding
    /// Globals that every script has.
    let libraryNames: Set<String>
    /// What a run would say to the arguments of a call; nil where there is no memory for it.
    private let callCheck = try? PeriluneModule.callCheck()
    private(set) var entries: [(line: Int, text: String)] = []
    private var defined: Set<String> = []
    /// Globals that are read, and the local in sight that each may have meant.
    private var used: [(name: LuaToken, nearLocal: String?)] = []

    init(module: ModuleBinding, libraryNames: Set<String>) {
        self.module = module
        self.libraryNames = libraryNames
    }

    mutating func add(_ line: Int, _ text: String) {
        entries.append((line, text))
    }

    mutating func define(global name: String) { defined.insert(name) }

    /// Notes that a global is read where `locals` are in sight.
    mutating func use(global name: LuaToken, locals: [String]) {
        let isKnown = libraryNames.contains(name.text)
        used.append((name, isKnown ? nil : NearestName.find(name.text, among: locals)))
    }

    /// Looks at the globals once the whole script is known: a function may use one that is defined further down.
    mutating func finish() {
        let known = defined.union(libraryNames)
        // A script that handles its globals as a table may define any name.
        let isDynamic = used.contains { ["_G", "_ENV", "load", "loadfile", "dofile"].contains($0.name.text) }
        guard !isDynamic else { return }
        var reported: Set<String> = []
        for (name, nearLocal) in used where !known.contains(name.text) && reported.insert(name.text).inserted {
            let hint = NearestName.hint(name.text, among: nearLocal.map { [$0] } ?? known.sorted())
            add(name.line, "global '\(name.text)' is defined nowhere\(hint)")
        }
    }

    /// Looks at the name of a function that starts with `on_`.
    mutating func checkEvent(_ name: LuaToken) {
        guard name.text.hasPrefix("on_") else { return }
        do {
            _ = try Event(named: name.text)
        } catch {
            add(name.line, error.message)
        }
    }

    mutating func field(_ name: LuaToken, of value: StaticValue) -> StaticValue {
        switch value {
        case .module(let module, let path):
            if let function = module.functions.first(where: { $0.name == name.text }) { return .function(function) }
            if let part = module.modules.first(where: { $0.name == name.text }) {
                return .module(part, path: "\(path).\(name.text)")
            }
            if !module.memberNames.contains(name.text) {
                let hint = module.missingHint(name.text, among: module.memberNames)
                add(name.line, "unknown field '\(name.text)' of \(path)\(hint)")
            }
            return .unknown
        default: return .unknown
        }
    }

    mutating func method(_ name: LuaToken, of value: StaticValue) -> StaticValue {
        guard case .object(let type) = value else { return .unknown }
        if let method = type.allMethods.first(where: { $0.name == name.text }) { return .function(method) }
        // Some classes have fields that only a run can tell: a name is wrong there if it is nearly a method's.
        let hint = NearestName.hint(name.text, among: type.allMethods.map(\.name))
        if !hint.isEmpty || type.index == nil { add(name.line, "unknown method '\(name.text)' of \(type.name)\(hint)") }
        return .unknown
    }

    /// What a call of `function` returns, with a look at the options it is given.
    mutating func call(_ function: StaticValue, _ arguments: [StaticValue], _ line: Int) -> StaticValue {
        switch function {
        case .require:
            guard case .text("perilune")? = arguments.first else { return .unknown }
            return .module(module, path: module.name)
        case .function(let binding):
            if case .table(let table)? = arguments.last { check(table, givenTo: binding) }
            if let fault = callCheck?.fault(of: binding, givenLiterals: arguments.map(\.literal)) {
                let field = fault.option.flatMap { option in arguments.lazy.compactMap { $0.line(of: option) }.first }
                add(field ?? line, fault.message)
            }
            return module.classBinding(of: binding.result).map { .object($0) } ?? .unknown
        default: return .unknown
        }
    }

    /// Looks at the names in the last table of a call: where a function takes options, they are options.
    private mutating func check(_ table: StaticTable, givenTo binding: Binding) {
        guard !binding.options.isEmpty else { return }
        let known = binding.parameters.flatMap(\.allNames)
        for field in table.fields where !known.contains(field.name) {
            let hint = NearestName.hint(field.name, among: known)
            add(field.line, "unknown option '\(field.name)' in \(binding.name)\(hint)")
        }
    }
}
