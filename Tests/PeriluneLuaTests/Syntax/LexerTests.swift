import PeriluneLua
import PeriluneLuaRuntime
import Testing

@Suite struct LexerTests {
    @Test(arguments: [
        "local x <const> = 0x1p-3 .. 'a\\'b' --[[ c\nd ]] + [==[ long ]] ]==] // 3", "é = 'ü' -- ß\nreturn é",
        "a::b::c...d..e==f~=g<=h>=i<<j>>k", "\"open", "[[open", "'\\", "#!first\nx", "", "\n\n", "\r\n\tx", "a.b:c()",
    ])
    func `tokens tell where they stand`(text: String) {
        let bytes = Array(text.utf8)
        let tokens = LuaLexer.tokens(of: text, isScript: false)
        #expect(tokens.last?.kind == .end)
        var end = 0
        for token in tokens {
            #expect(token.range.lowerBound >= end)
            #expect(token.range.upperBound <= bytes.count)
            end = token.range.upperBound
            let written = String(decoding: bytes[token.range], as: UTF8.self)
            switch token.kind {
            case .name, .keyword, .number, .symbol: #expect(written == token.text)
            case .string: #expect(written.contains(token.text))
            case .end: #expect(token.range.isEmpty)
            }
            #expect(token.line == 1 + bytes[..<token.range.lowerBound].count { $0 == UInt8(ascii: "\n") })
        }
    }

    @Test(arguments: [
        ("'a'", true), ("'a", false), ("[[a]]", true), ("[[a", false), ("'a\\'", false), ("[=[a]]", false),
    ])
    func `an open string is told from a closed one`(text: String, isTerminated: Bool) {
        #expect(LuaLexer.tokens(of: text).first?.isTerminated == isTerminated)
    }

    @Test func `only a script has a head`() {
        #expect(LuaLexer.tokens(of: "#t").map(\.text) == [""])
        #expect(LuaLexer.tokens(of: "#t", isScript: false).map(\.text) == ["#", "t", ""])
    }
}
