/// Takes a script apart. Lua's own parser judges it, so nothing is diagnosed here: any text gives tokens.
package struct LuaLexer {
    private let bytes: [UInt8]
    private var position = 0
    private var line = 1
    /// Whether the string read last has an end.
    private var isTerminated = true

    private init(_ text: String, skipsHead: Bool) {
        bytes = Array(text.utf8)
        if skipsHead, bytes.first == UInt8(ascii: "#") { skipLine() }
    }

    /// All tokens; the last one is the end. A first line that starts with `#` is left out of a script, and of nothing
    /// else: elsewhere it is an operator.
    package static func tokens(of text: String, isScript: Bool = true) -> [LuaToken] {
        var lexer = LuaLexer(text, skipsHead: isScript)
        var tokens: [LuaToken] = []
        repeat { tokens.append(lexer.next()) } while tokens.last?.kind != .end
        return tokens
    }

    private func byte(_ offset: Int = 0) -> UInt8 {
        position + offset < bytes.count ? bytes[position + offset] : 0
    }

    private mutating func next() -> LuaToken {
        skipBlanks()
        let (start, startLine) = (position, line)
        isTerminated = true
        let (kind, text) = word()
        return LuaToken(
            kind: kind, text: text, line: startLine, range: start..<position, isTerminated: isTerminated)
    }

    private mutating func word() -> (LuaToken.Kind, String) {
        guard position < bytes.count else { return (.end, "") }
        let first = byte()
        if first.isLetter {
            let word = take { $0.isLetter || $0.isDigit }
            return (LuaToken.keywords.contains(word) ? .keyword : .name, word)
        }
        if first.isDigit || (first == UInt8(ascii: ".") && byte(1).isDigit) { return (.number, number()) }
        if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") { return (.string, quoted()) }
        if first == UInt8(ascii: "["), let level = longBracket() { return (.string, long(level)) }
        return (.symbol, symbol())
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
        let end = min(position, bytes.count)
        isTerminated = position < bytes.count
        position = min(position + 1, bytes.count)
        return String(decoding: bytes[start..<end], as: UTF8.self)
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
        isTerminated = false
        return String(decoding: bytes[start...], as: UTF8.self)
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
