internal import PeriluneItems
package import PeriluneLuaRuntime

extension ModuleBinding {
    /// What may be written where a script has `path` so far, sorted: `lune.de` gives `dense`, `data.np` or
    /// `lune.data.np` give `npz`.
    package func completions(of path: String) -> [String] {
        let wanted = path.hasPrefix(name + ".") ? String(path.dropFirst(name.count + 1)) : path
        guard let dot = wanted.lastIndex(of: ".") else { return memberNames.completing(wanted) }
        let owner = wanted[..<dot]
        let rest = String(wanted[wanted.index(after: dot)...])
        return modules.first { $0.name == owner }?.completions(of: rest) ?? []
    }

    /// The option names of a function or method (`fit`, `data.npz`, `model:fit`) that start with `prefix`, sorted.
    package func optionCompletions(of function: String, prefix: String) -> [String] {
        binding(named: function)?.parameters.flatMap(\.allNames).completing(prefix) ?? []
    }

    /// The binding of that name: `dense`, `lune.dense`, `data.npz`, `model:fit`; a method also by its bare name where
    /// only one class has it.
    package func binding(named path: String) -> Binding? {
        let wanted = path.hasPrefix(name + ".") ? String(path.dropFirst(name.count + 1)) : path
        if let function = functions.first(where: { $0.name == wanted }) { return function }
        let methods = classes.flatMap(\.methods).filter { $0.name == wanted }
        if methods.count == 1 { return methods[0] }
        guard let separator = wanted.firstIndex(where: { $0 == "." || $0 == ":" }) else { return nil }
        let owner = wanted[..<separator]
        let member = String(wanted[wanted.index(after: separator)...])
        if let module = modules.first(where: { $0.name == owner }) { return module.binding(named: member) }
        return classes.first { $0.name == owner }?.allMethods.first { $0.name == member }
    }
}

extension LuaState {
    /// What may be written after `object.` or `object:`, sorted, with no script code run: the members of a host object,
    /// the fields of a table.
    package func members(of value: LuaValue) -> [String] {
        switch value {
        case .table(let table): return table.someFields().map(\.name)
        case .object(let object):
            guard let binding = binding(of: object) else { return [] }
            return (binding.memberNames + (binding.fieldNames?(object) ?? [])).sorted()
        default: return []
        }
    }
}

extension [String] {
    fileprivate func completing(_ prefix: String) -> [String] {
        filter { $0.hasPrefix(prefix) }.sorted()
    }
}
