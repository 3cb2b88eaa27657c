internal import PeriluneBinding
internal import PeriluneLua
internal import PeriluneLuaRuntime
internal import PeriluneTrain

extension Prompt {
    public func completions(of line: String) -> PromptCompletions {
        guard let environment = try? names() else { return PromptCompletions() }
        let start = line.drop { $0.isWhitespace }
        if start.hasPrefix("?") { return topics(start.dropFirst().trimmedStart) }
        if start.hasPrefix(":"), !start.hasPrefix("::") {
            let word = start.prefix { !$0.isWhitespace }
            if word.count == start.count { return Self.matching(String(word), allCommands.map(\.name)) }
            let rest = start.dropFirst(word.count).trimmedStart
            switch word {
            case ":help": return topics(rest)
            case ":load", ":save": return FileCompletion.completions(of: String(rest))
            case ":time": return LuaCompletion(String(rest), self, environment).completions
            default: return PromptCompletions()
            }
        }
        var found = LuaCompletion(line, self, environment).completions
        // A command without a colon begins the line.
        if found.word == start, !start.isEmpty {
            let words = commands.map(\.name).filter { $0.hasPrefix(found.word) && !$0.hasPrefix(":") }
            found.candidates = Set(found.candidates + words).sorted()
        }
        return found
    }

    private func topics(_ word: Substring) -> PromptCompletions {
        let lune = PeriluneModule.binding
        let prefix = lune.name + "."
        var names = lune.helpNames + [lune.name] + allCommands.map(\.name)
        if word.hasPrefix(prefix) { names = lune.helpNames.map { prefix + $0 } }
        return Self.matching(String(word), names)
    }

    static func matching(_ word: String, _ names: some Sequence<String>) -> PromptCompletions {
        PromptCompletions(word: word, candidates: Set(names.filter { $0.hasPrefix(word) }).sorted())
    }
}

extension StringProtocol {
    fileprivate var trimmedStart: SubSequence { drop { $0.isWhitespace } }
}

/// Completion of Lua.
struct LuaCompletion {
    private let text: String
    private let prompt: Prompt
    private let environment: PromptEnvironment
    private let resolver: NameResolver
    private let tokens: [LuaToken]

    init(_ text: String, _ prompt: Prompt, _ environment: PromptEnvironment) {
        self.text = text
        self.prompt = prompt
        self.environment = environment
        resolver = NameResolver(prompt.state, environment)
        tokens = LuaLexer.tokens(of: text, isScript: false).dropLast()
    }

    var completions: PromptCompletions {
        let end = text.utf8.count
        guard let last = tokens.last else { return isInComment(after: 0) ? PromptCompletions() : name("", []) }
        if last.kind == .string, !last.isTerminated { return string(last.text, Array(tokens.dropLast())) }
        if isInComment(after: last.range.upperBound) { return PromptCompletions() }
        let touches = last.range.upperBound == end
        switch last.kind {
        case .name, .keyword: return touches ? name(last.text, Array(tokens.dropLast())) : name("", tokens)
        case .number, .string: return touches ? PromptCompletions() : name("", tokens)
        case .symbol, .end: return name("", tokens)
        }
    }

    private func isInComment(after position: Int) -> Bool {
        let rest = text.utf8.dropFirst(position)
        return zip(rest, rest.dropFirst()).contains { $0 == UInt8(ascii: "-") && $1 == UInt8(ascii: "-") }
            && rest.last != UInt8(ascii: "\n")
    }

    /// A name, or the beginning of one, behind `before`.
    private func name(_ word: String, _ before: [LuaToken]) -> PromptCompletions {
        if let last = before.last, last.is(".") || last.is(":") {
            let owner = resolver.value(of: Array(before.dropLast()))
            return visible(word, owner.members(after: last.text, in: prompt.state))
        }
        // What a declaration is to be called cannot be known.
        if let last = before.last, last.is("local") || last.is("goto") || last.is("::") { return PromptCompletions() }
        let context = CallContext(before, resolver)
        if context.isAtKey {
            let fields = context.fieldNames + (context.isCallback || word.hasPrefix("on_") ? Event.names : [])
            let found = visible(word, fields)
            if !found.candidates.isEmpty { return found }
        }
        let typed = before.indices.filter { before[$0].kind == .name && !isMember($0) }.map { before[$0].text }
        let keywords = word.isEmpty ? [] : Array(LuaToken.keywords)
        return visible(word, environment.names + typed + keywords)
    }

    /// Whether the name is one of a field, and so means nothing by itself.
    private func isMember(_ index: Int) -> Bool {
        guard index > 0 else { return false }
        let before = tokens[index - 1]
        let isKey = (before.is("{") || before.is(",")) && index + 1 < tokens.count && tokens[index + 1].is("=")
        return isKey || before.is(".") || before.is(":")
    }

    /// Names that begin with an underscore stay out of sight until one is typed.
    private func visible(_ word: String, _ names: [String]) -> PromptCompletions {
        Prompt.matching(word, word.isEmpty ? names.filter { !$0.hasPrefix("_") } : names)
    }

    /// The inside of a string that begins with `word`.
    private func string(_ word: String, _ before: [LuaToken]) -> PromptCompletions {
        let context = CallContext(before, resolver)
        if let names = context.expected?.names, !names.isEmpty { return Prompt.matching(word, names) }
        if before.last?.text == "require" || before.suffix(2).map(\.text) == ["require", "("] {
            let loaded = prompt.state.globals["package"].table?["loaded"].table?.someFields().map(\.name) ?? []
            return Prompt.matching(word, loaded + ["perilune"])
        }
        if let last = before.last, last.is("[") {
            let owner = resolver.value(of: Array(before.dropLast()))
            return Prompt.matching(word, owner.members(after: ".", in: prompt.state))
        }
        return FileCompletion.completions(of: word)
    }
}
