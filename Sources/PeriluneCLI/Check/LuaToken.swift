/// A word of a Lua script.
struct LuaToken: Hashable {
    enum Kind: Hashable {
        case name, keyword, number, symbol, end
        /// A string; the token's text is its content where that is plain, without escapes.
        case string
    }

    var kind: Kind
    var text: String
    var line: Int

    static let keywords: Set = [
        "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in", "local", "nil",
        "not", "or", "repeat", "return", "then", "true", "until", "while",
    ]

    /// Whether it is this symbol or keyword.
    func `is`(_ word: String) -> Bool { (kind == .symbol || kind == .keyword) && text == word }
}

/// Takes a script apart. The script is one that Lua has parsed already, so nothing is diagnosed here.
struct LuaLexer {
    private let bytes: [UInt8]
    private var position = 0
    private var line = 1

    init(_ text: String) {
        bytes = Array(text.utf8)
        if bytes.first == UInt8(ascii: "#") { skipLine() }
    }

    /// All tokens; the last one is the end.
    static func tokens(of text: String) -> [LuaToken] {
        var lexer = LuaLexer(text)
        var tokens: [LuaToken] = []
        repeat { tokens.append(lexer.next()) } while tokens.last?.kind != .end
        return tokens
    }

    private func byte(_ offset: Int = 0) -> UInt8 {
        position + offset < bytes.count ? bytes[position + offset] : 0
    }

    private mutating func next() -> LuaToken {
        skipBlanks()
        guard position < bytes.count else { return LuaToken(kind: .end, text: "", line: line) }
        let start = line
        let first = byte()
        if first.isLetter {
            let word = take { $0.isLetter || $0.isDigit }
            return LuaToken(kind: LuaToken.keywords.contains(word) ? .keyword : .name, text: word, line: start)
        }
        if first.isDigit || (first == UInt8(ascii: ".") && byte(1).isDigit) {
            return LuaToken(kind: .number, text: number(), line: start)
        }
        if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
            return LuaToken(kind: .string, text: quoted(), line: start)
        }
        if first == UInt8(ascii: "["), let level = longBracket() {
            return LuaToken(kind: .string, text: long(level), line: start)
        }
        return LuaToken(kind: .symbol, text: symbol(), line: start)
    }

    private mutating func take(while condition: (UInt8) -> Bool) -> String {
        let start = position
        while position < bytes.count, condition(bytes[position]) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func skipLine() {
        while position < bytes.count, byte() != UInt8(ascii: "\n") { position += 1 }
    }

    private mutating func skipBlanks() {
        while position < bytes.count {
            switch byte() {
            case UInt8(ascii: "\n"):
                line += 1
                position += 1
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), 0x0B, 0x0C:
                position += 1
            case UInt8(ascii: "-") where byte(1) == UInt8(ascii: "-"):
                position += 2
                if byte() == UInt8(ascii: "["), let level = longBracket() { _ = long(level) } else { skipLine() }
            default: return
            }
        }
    }

    private mutating func number() -> String {
        let isHexadecimal = byte() == UInt8(ascii: "0") && (byte(1) | 0x20) == UInt8(ascii: "x")
        let exponent = UInt8(ascii: isHexadecimal ? "p" : "e")
        var previous: UInt8 = 0
        return take { byte in
            defer { previous = byte | 0x20 }
            let isSign = byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
            return byte.isDigit || byte.isLetter || byte == UInt8(ascii: ".") || (isSign && previous == exponent)
        }
    }

    private mutating func quoted() -> String {
        let quote = byte()
        position += 1
        let start = position
        while position < bytes.count, byte() != quote {
            if byte() == UInt8(ascii: "\\") { position += 1 }
            if byte() == UInt8(ascii: "\n") { line += 1 }
            position += 1
        }
        position = min(position + 1, bytes.count)
        return String(decoding: bytes[min(start, position)..<max(start, position - 1)], as: UTF8.self)
    }

    /// The number of `=` of a long bracket that opens here, or nil.
    private func longBracket() -> Int? {
        var level = 0
        while byte(1 + level) == UInt8(ascii: "=") { level += 1 }
        return byte(1 + level) == UInt8(ascii: "[") ? level : nil
    }

    private mutating func long(_ level: Int) -> String {
        position += level + 2
        let start = position
        while position < bytes.count {
            if byte() == UInt8(ascii: "]"), byte(level + 1) == UInt8(ascii: "]"),
                (1..<level + 1).allSatisfy({ byte($0) == UInt8(ascii: "=") })
            {
                defer { position += level + 2 }
                return String(decoding: bytes[start..<position], as: UTF8.self)
            }
            if byte() == UInt8(ascii: "\n") { line += 1 }
            position += 1
        }
        return String(decoding: bytes[min(start, position)...], as: UTF8.self)
    }

    private mutating func symbol() -> String {
        for length in [3, 2] where position + length <= bytes.count {
            let text = String(decoding: bytes[position..<position + length], as: UTF8.self)
            if Self.longSymbols.contains(text) {
                position += length
                return text
            }
        }
        position += 1
        return String(decoding: bytes[position - 1..<position], as: UTF8.self)
    }

    private static let longSymbols: Set = ["...", "..", "==", "~=", "<=", ">=", "//", "::", "<<", ">>"]
}

extension UInt8 {
    fileprivate var isDigit: Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= self }
    fileprivate var isLetter: Bool {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= self | 0x20 || self == UInt8(ascii: "_") || self >= 0x80
    }
}
