internal import PeriluneItems
internal import PeriluneLuaRuntime

/// Makes locals outlive the line they are typed in: at the top level of the text, `local x = 1` becomes `x = 1` and the
/// prompt is told that `x` is a local of its own. Words are blanked out, so that columns stay what they were.
///
/// A `<close>` variable stays a true local, whose end is the end of the text. `<const>` is not kept.
struct TopLevelLocals {
    /// The text to run.
    private(set) var text: String
    /// The names that were declared, in order.
    private(set) var names: [String] = []

    private var bytes: [UInt8]
    private let tokens: [LuaToken]
    /// Texts to put in, by position, in ascending order.
    private var insertions: [(position: Int, text: String)] = []

    /// - Parameter text: statements that Lua can parse.
    init(_ text: String) {
        self.text = text
        bytes = Array(text.utf8)
        tokens = LuaLexer.tokens(of: text, isScript: false)
        rewrite()
    }

    private mutating func rewrite() {
        var depth = 0
        for (index, token) in tokens.enumerated() where token.kind == .keyword {
            switch token.text {
            case "do", "then", "repeat", "function": depth += 1
            case "end", "until", "elseif": depth -= 1
            // `else` closes one block and opens another.
            case "local" where depth == 0: declare(at: index)
            default: break
            }
        }
        guard !names.isEmpty else { return }
        for (position, inserted) in insertions.reversed() { bytes.insert(contentsOf: inserted.utf8, at: position) }
        text = String(decoding: bytes, as: UTF8.self)
    }

    /// A declaration whose `local` is the token at `start`.
    private mutating func declare(at start: Int) {
        if tokens[start + 1].is("function") {
            names.append(tokens[start + 2].text)
            return blank(tokens[start].range)
        }
        var index = start + 1
        var declared: [String] = []
        var attributes: [Range<Int>] = []
        while tokens[index].kind == .name {
            declared.append(tokens[index].text)
            index += 1
            if tokens[index].is("<") {
                guard tokens[index + 1].text != "close" else { return }
                attributes.append(tokens[index].range.lowerBound..<tokens[index + 2].range.upperBound)
                index += 3
            }
            guard tokens[index].is(",") else { break }
            index += 1
        }
        names += declared
        blank(tokens[start].range)
        for attribute in attributes { blank(attribute) }
        if !tokens[index].is("=") { insertions.append((tokens[index - 1].range.upperBound, " = nil")) }
    }

    private mutating func blank(_ range: Range<Int>) {
        for position in range where bytes[position] != UInt8(ascii: "\n") { bytes[position] = UInt8(ascii: " ") }
    }
}
