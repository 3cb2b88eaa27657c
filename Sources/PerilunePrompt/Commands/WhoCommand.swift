internal import PeriluneBinding
internal import PeriluneLua
internal import PeriluneLuaRuntime

/// `:who`
enum WhoCommand {
    static var command: PromptCommand {
        PromptCommand(":who", help: "list the variables of this session") { _, prompt in
            let memory = prompt.state.promptMemory
            let printer = ValuePrinter(prompt.state, prompt.style)
            var rows = memory.localNames.map { ($0, "local", memory.locals[$0]) }
            rows += prompt.values.sorted { $0.key < $1.key }.map { ($0.key, "given", $0.value) }
            let fields = prompt.state.globals.someFields()
            rows += fields.filter { !standard.contains($0.name) && !isModule($0, prompt) }.map {
                ($0.name, "", $0.value)
            }
            guard !rows.isEmpty else {
                prompt.output("no variables yet\n")
                return .done
            }
            let width = rows.map(\.0.count).max() ?? 0
            for (name, kind, value) in rows {
                let gap = String(repeating: " ", count: width - name.count + 2)
                let note = kind.isEmpty ? "" : prompt.style.colored(kind, .note) + " "
                prompt.output(name + gap + note + printer.brief(value) + "\n")
            }
            return .done
        }
    }

    /// The module under its usual name is no variable of the user's.
    private static func isModule(_ field: (name: String, value: LuaValue), _ prompt: Prompt) -> Bool {
        field.name == PeriluneModule.binding.name
            && field.value == .table(PeriluneModule.table(in: prompt.state))
    }

    /// What Lua and the lua program define.
    private static let standard: Set = [
        "_G", "_VERSION", "arg", "assert", "collectgarbage", "coroutine", "debug", "dofile", "error", "getmetatable",
        "io", "ipairs", "load", "loadfile", "math", "next", "os", "package", "pairs", "pcall", "print", "rawequal",
        "rawget", "rawlen", "rawset", "require", "select", "setmetatable", "string", "table", "tonumber", "tostring",
        "type", "utf8", "warn", "xpcall",
    ]
}
