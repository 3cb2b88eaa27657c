/// A word of a Lua script.
package struct LuaToken: Hashable {
    package enum Kind: Hashable {
        case name, keyword, number, symbol, end
        /// A string; the token's text is its content where that is plain, without escapes.
        case string
    }

    package var kind: Kind
    package var text: String
    package var line: Int
    /// Where it stands in the text, in bytes of UTF-8.
    package var range: Range<Int>
    /// False for a string that the text ends in.
    package var isTerminated = true

    package static let keywords: Set = [
        "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in", "local", "nil",
        "not", "or", "repeat", "return", "then", "true", "until", "while",
    ]

    /// Whether it is this symbol or keyword.
    package func `is`(_ word: String) -> Bool { (kind == .symbol || kind == .keyword) && text == word }
}
