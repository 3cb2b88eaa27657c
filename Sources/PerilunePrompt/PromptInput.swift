internal import PeriluneGraph
internal import PeriluneItems
internal import PeriluneLuaRuntime

/// What a typed text is: Lua, a command, or a question.
enum PromptInput {
    case nothing
    case command(PromptCommand, rest: String)
    /// Help on a topic; nil for what there is.
    case help(String?)
    /// A word of other prompts, and what does here what it does there.
    case remark(String)
    case lua(String)

    /// - Throws: `PromptFault` for a command that there is not.
    init(_ text: String, _ prompt: Prompt) throws {
        let trimmed = text.trimmed
        guard let first = trimmed.unicodeScalars.first else {
            self = .nothing
            return
        }
        let word = String(trimmed.prefix { !$0.isWhitespace })
        let rest = trimmed.dropFirst(word.count).trimmed
        if first == ":", !trimmed.hasPrefix("::") {
            self = .command(try Self.command(word, prompt), rest: rest)
        } else if first == "?" {
            let topic = trimmed.dropFirst().trimmed
            self = .help(topic.isEmpty ? nil : topic)
        } else if trimmed.hasSuffix("?"), let topic = Self.topic(trimmed.dropLast()) {
            self = .help(topic)
        } else if let command = try Self.bareCommand(trimmed, prompt) {
            self = .command(command.0, rest: command.rest)
        } else if let remark = try Self.remark(trimmed, prompt) {
            self = .remark(remark)
        } else {
            self = .lua(text)
        }
    }

    private static func command(_ word: String, _ prompt: Prompt) throws -> PromptCommand {
        let all = prompt.allCommands
        if let command = all.first(where: { $0.name == word }) { return command }
        // Enough letters to tell which is meant will do: `:q`.
        let begun = all.filter { $0.name.hasPrefix(word) }
        if begun.count == 1, word.count > 1 { return begun[0] }
        let names = all.map(\.name).filter { $0.hasPrefix(":") }
        let hint = NearestName.hint(word, among: names)
        throw PromptFault("there is no command '\(word)'" + (hint.isEmpty ? "; ? lists the commands" : hint))
    }

    /// The name before a question mark, where there is nothing but a name.
    private static func topic(_ text: Substring) -> String? {
        let topic = text.trimmed
        let isName = topic.allSatisfy { $0.isLetter || $0.isNumber || "_.:".contains($0) }
        return isName && !topic.isEmpty ? topic : nil
    }

    /// What to say to who types `quit`, where that is no name of anything.
    private static func remark(_ text: String, _ prompt: Prompt) throws -> String? {
        let word = text.hasSuffix("()") ? String(text.dropLast(2)) : text
        let remark: String
        switch word {
        case "quit", "exit": remark = ":quit or Ctrl-D leaves the prompt"
        case "help": remark = "? shows what there is, and ?name explains a name"
        default: return nil
        }
        return try prompt.names()[word].isNil ? remark : nil
    }

    /// A command without a colon, which is a Lua name as well: it is one unless what follows makes it Lua.
    private static func bareCommand(_ text: String, _ prompt: Prompt) throws -> (PromptCommand, rest: String)? {
        let word = String(text.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
        guard let command = prompt.commands.first(where: { $0.name == word }) else { return nil }
        let rest = text.dropFirst(word.count).trimmed
        guard let token = LuaLexer.tokens(of: rest, isScript: false).first else { return (command, rest) }
        switch token.kind {
        case .end, .name, .number, .keyword: return (command, rest)
        case .symbol where token.text != "{" && token.text != "-": return nil
        // `save "path"` calls a function where there is one of that name, and `step - 1` is a number where that is one.
        case .string, .symbol: return try prompt.names()[word].isNil ? (command, rest) : nil
        }
    }
}

/// Something wrong with a command of the prompt.
struct PromptFault: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

extension StringProtocol {
    /// Without blanks at both ends.
    var trimmed: String {
        var rest = self[...]
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
