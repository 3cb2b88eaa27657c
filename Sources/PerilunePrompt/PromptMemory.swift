internal import PeriluneLuaRuntime

/// What the prompts of one state have in common: locals, results, and what was typed.
final class PromptMemory {
    /// The values of the locals, and which names are locals.
    let locals: LuaTable
    let declared: LuaTable
    /// `_`, `ans` and `Out`.
    let results: LuaTable
    private let numbered: LuaTable
    /// How many results there were.
    private(set) var resultCount = 0
    /// The inputs that were carried out, oldest first.
    private(set) var inputs: [String] = []
    /// What `:load` loaded last.
    var loadedFile: String?

    /// So many results are kept, and no more: a tensor that is not needed should go.
    static let keptResults = 100
    private static let keptInputs = 10_000

    init(_ state: LuaState) {
        locals = state.makeTable()
        declared = state.makeTable()
        results = state.makeTable()
        numbered = state.makeTable()
        results["Out"] = .table(numbered)
    }

    /// Keeps a result and returns its number.
    func keep(_ value: LuaValue) -> Int {
        resultCount += 1
        results["_"] = value
        results["ans"] = value
        numbered[resultCount] = value
        numbered[resultCount - Self.keptResults] = .nil
        return resultCount
    }

    func keep(input: String) {
        if inputs.count == Self.keptInputs { inputs.removeFirst() }
        inputs.append(input)
    }

    /// Makes `name` a local. It begins with the value that the name has now, so that `local print = print` works.
    func declare(_ name: String, _ value: LuaValue) {
        guard declared[name].isNil else { return }
        declared[name] = true
        locals[name] = value
    }

    /// The names of the locals, sorted.
    var localNames: [String] { declared.someFields().map(\.name) }
}

extension LuaState {
    /// What the prompts of this state share.
    var promptMemory: PromptMemory { attachment(PromptMemory.self) { PromptMemory(self) } }
}
