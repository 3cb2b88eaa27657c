/// Evaluates what a person types, line by line, in a Lua state.
public final class Prompt: PromptTarget {
    public let state: LuaState
    /// Takes text to show, whole lines with their ends.
    public var output: (String) -> Void
    /// Names that lines see in front of the globals: `run`, `model`, …
    public var values: [String: LuaValue] = [:]
    /// Commands beside those that every prompt has.
    public var commands: [PromptCommand] = []

    public init(_ state: LuaState, output: @escaping (String) -> Void) {
        self.state = state
        self.output = output
    }

    public func evaluate(_ text: String) -> PromptOutcome {
        let word = text.prefix { !$0.isWhitespace }
        do {
            if let command = commands.first(where: { $0.name == word }) {
                let rest = text.dropFirst(word.count).drop { $0.isWhitespace }
                return try command.body(String(rest), self)
            }
            if text == ":quit" { return .left }
            for value in try chunk(text).run() { output(try state.describe(value) + "\n") }
            return .done
        } catch {
            if (error as? LuaError)?.message.hasSuffix("near <eof>") == true { return .incomplete }
            output("\(error)\n")
            return .failed
        }
    }

    private func chunk(_ text: String) throws(LuaError) -> LuaChunk {
        if let expression = try? state.load(text: "return " + text, name: "prompt") { return expression }
        return try state.load(text: text, name: "prompt")
    }

    public func completions(of line: String) -> PromptCompletions { PromptCompletions() }
}
