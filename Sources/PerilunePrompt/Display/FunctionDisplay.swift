internal import PeriluneBinding
internal import PeriluneLua
internal import PeriluneLuaRuntime

/// Functions: where they are written, or which function of a library they are.
enum FunctionDisplay {
    static func text(_ function: LuaFunction, _ state: LuaState, _ style: PromptStyle) -> String {
        if let place = function.place {
            return style.colored("function", .object) + style.colored(" -- \(place.script):\(place.line)", .note)
        }
        guard let name = libraryName(function, state) else { return style.colored("function", .object) }
        let lune = PeriluneModule.binding
        let prefix = lune.name + "."
        guard name.hasPrefix(prefix), let binding = lune.binding(named: name) else {
            return style.colored("function \(name)", .object)
        }
        let owner = name.prefix(upTo: name.index(after: name.lastIndex(of: ".") ?? name.startIndex))
        return style.colored("function \(owner)\(binding.signature)", .object)
            + style.colored(" -- \(binding.help.firstLine)", .note)
    }

    static func brief(_ function: LuaFunction) -> String {
        function.place.map { "function: \($0.script):\($0.line)" } ?? "function"
    }

    /// The name of a function of the standard library or of the module.
    private static func libraryName(_ function: LuaFunction, _ state: LuaState) -> String? {
        let value = LuaValue.function(function)
        func find(_ table: LuaTable, _ prefix: String, depth: Int) -> String? {
            for (name, field) in table.someFields() {
                if field == value { return prefix + name }
                if depth > 0, let inner = field.table, let found = find(inner, prefix + name + ".", depth: depth - 1) {
                    return found
                }
            }
            return nil
        }
        let module = PeriluneModule.table(in: state)
        if let name = find(module, PeriluneModule.binding.name + ".", depth: 1) { return name }
        let libraries = ["string", "table", "math", "io", "os", "coroutine", "utf8", "debug", "package"]
        for library in libraries {
            if let table = state.globals[library].table, let name = find(table, library + ".", depth: 0) { return name }
        }
        return find(state.globals, "", depth: 0)
    }
}
