internal import PeriluneLuaRuntime

/// What names mean at a prompt: its locals first, then the values it was given, then the globals of the state; last the
/// results, so that a script may use `_` as it likes.
final class PromptEnvironment {
    private let state: LuaState
    private let memory: PromptMemory
    /// The `_ENV` of what is typed.
    private let table: LuaTable
    private let values: LuaTable
    private let runner: LuaFunction

    /// Written in Lua, because a loop that is typed reads its globals through this.
    private static let accessors = """
        local locals, declared, values, results, globals = ...
        local rawget = rawget or function(t, k) return t[k] end
        return function(_, name)
          if declared[name] then return locals[name] end
          local value = values[name]
          if value ~= nil then return value end
          value = results[name]
          if value ~= nil and rawget(globals, name) == nil then return value end
          return globals[name]
        end, function(_, name, value)
          if declared[name] then locals[name] = value return end
          values[name] = nil
          globals[name] = value
        end
        """

    /// What is typed often ends in a tail call, which leaves no trace of it. This does.
    private static let runnerCode = """
        local function results(...) return ... end
        return function(chunk) return results(chunk()) end
        """

    init(_ state: LuaState) throws(LuaError) {
        self.state = state
        guard
            let runner = try state.load(text: Self.runnerCode, name: PromptTrace.runnerName).run().first?.function
        else { throw LuaError(.host, "the prompt cannot run") }
        self.runner = runner
        memory = state.promptMemory
        table = state.makeTable()
        values = state.makeTable()
        let functions = try state.load(text: Self.accessors, name: PromptTrace.accessorsName).run([
            .table(memory.locals), .table(memory.declared), .table(values), .table(memory.results),
            .table(state.globals),
        ])
        let metatable = state.makeTable(["__metatable": false])
        metatable["__index"] = functions[0]
        metatable["__newindex"] = functions[1]
        table.metatable = metatable
    }

    /// Replaces the values that are seen in front of the globals.
    func set(_ new: [String: LuaValue]) {
        for (name, _) in values.someFields() { values[name] = .nil }
        for (name, value) in new { values[name] = value }
    }

    /// Makes names locals of the prompt.
    func declare(_ names: [String]) {
        for name in names { memory.declare(name, self[name]) }
    }

    /// Makes the chunk look its names up here.
    func adopt(_ chunk: LuaChunk) {
        chunk.setGlobals(table)
    }

    /// Runs a chunk that was adopted.
    func run(_ chunk: LuaChunk) throws(LuaError) -> [LuaValue] {
        try runner.call(.function(chunk.function))
    }

    /// What a name stands for, found without running any script.
    subscript(name: String) -> LuaValue {
        if !memory.declared[name].isNil { return memory.locals[name] }
        for table in [values, state.globals, memory.results] {
            if case let value = table[name], !value.isNil { return value }
        }
        return .nil
    }

    /// Every name that stands for something, sorted.
    var names: [String] {
        Set([memory.declared, values, state.globals, memory.results].flatMap { $0.someFields().map(\.name) }).sorted()
    }
}
