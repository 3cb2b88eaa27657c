internal import PeriluneBinding
internal import PeriluneGraph
internal import PeriluneItems
internal import PeriluneLua
internal import PeriluneLuaRuntime

extension Prompt {
    /// `; did you mean 'print'?` for an error about a name that stands for nothing.
    func nameHint(for error: LuaError) -> String {
        guard error.kind == .runtime, error.message.contains("nil value"), !error.message.contains("did you mean"),
            let (kind, name) = Self.namedValue(in: error.message), let environment = try? names()
        else { return "" }
        switch kind {
        case "global":
            // A local that is nil has a name all the same.
            let near = NearestName.hint(name, among: environment.names.filter { $0 != name })
            // `dense(10)` is in the module.
            guard near.isEmpty, PeriluneModule.binding.memberNames.contains(name) else { return near }
            return "; did you mean '\(PeriluneModule.binding.name).\(name)'?"
        case "field", "method":
            return NearestName.hint(name, among: fieldCandidates(beside: name, environment).filter { $0 != name })
        default: return ""
        }
    }

    /// `global` and `xyz` of "… (global 'xyz')".
    private static func namedValue(in message: String) -> (kind: String, name: String)? {
        guard message.hasSuffix("')"), let open = message.lastIndex(of: "(") else { return nil }
        let words = message[message.index(after: open)...].dropLast(2).split(separator: "'", maxSplits: 1)
        return words.count == 2 ? (words[0].trimmed, String(words[1])) : nil
    }

    /// The names of the fields that the input could have meant where it said `….name`.
    private func fieldCandidates(beside name: String, _ environment: PromptEnvironment) -> [String] {
        let tokens = LuaLexer.tokens(of: evaluating, isScript: false)
        var names: Set<String> = []
        for index in tokens.indices.dropFirst() where tokens[index].text == name && tokens[index].kind == .name {
            guard tokens[index - 1].is(".") || tokens[index - 1].is(":") else { continue }
            let owner = NameResolver(state, environment).value(of: Array(tokens[..<(index - 1)]))
            names.formUnion(owner.members(in: state))
        }
        return names.sorted()
    }
}
