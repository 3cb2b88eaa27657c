/// Random text that is nearly Lua: sound statements, mutated ones, and soups of tokens.
struct LuaSoup {
    var random: SplitMix

    private static let tokens = [
        "local", "function", "end", "if", "then", "else", "elseif", "while", "do", "repeat", "until", "for", "in",
        "return",
        "break", "goto", "::l::", "and", "or", "not", "nil", "true", "false", "...", "(", ")", "{", "}", "[", "]", "[[",
        "]]",
        "--[[", "--", "=", "==", "~=", "<=", "<", ">", "+", "-", "*", "/", "//", "%", "^", "#", "&", "|", "~", "<<",
        ">>", "..",
        ",", ";", ":", ".", "x", "y", "t", "f", "_", "_G", "_ENV", "self", "lune", "print", "pcall", "error", "string",
        "table", "coroutine", "setmetatable", "tostring", "0", "1", "3.5", "0x", "0x7fffffffffffffff", "1e", "1e400",
        "08",
        "9223372036854775808", "'s'", "\"", "'", "'\\x4'", "'\\u{7fffffff}'", "\\", "\n", "\t", " ", "\0", "é", "🌒",
        "\u{202e}",
        "?", "??", "?lune.dense", "lune.dense?", ":time", ":load", ":reload", ":mem", ":help", ":quit", ":", "!", "@",
        "$",
        "<close>", "<const>", "continue", "stop", "step 10", "next", "abort", "save", "run", "model", "ans", "=1",
    ]

    private static let statements = [
        "x = 1", "local y = x or 2", "return x, y", "print(1, nil, {})", "for i = 1, 10 do x = (x or 0) + i end",
        "t = { 1, 2, a = { b = 1 } }",
        "function f(a, ...) return select('#', ...), a end", "f(1, 2, 3)", "local a <const> = 5", "while false do end",
        "repeat local z = 1 until z == 1", "if x then y = 1 elseif y then x = 2 else t = nil end", "goto done ::done::",
        "s = ('x'):rep(10) .. [[long]] .. [==[\nlonger]==]", "lune.dense(3, { activation = 'relu' })",
        "P.tensor[2] + 1", "P.model[1]",
        "setmetatable({}, { __tostring = function() return 1 end })",
        "setmetatable({}, { __index = function(t, k) return k end })",
        "coroutine.wrap(function(...) coroutine.yield(...) end)(1)", "error({})", "error()", "pcall(error, 'x')",
        "t.a.b.c = 1",
        "P.cycle", "P.deep", "P.history[1]", "P.dataset[1]", "lune", "lune.help('dense')", "string.format('%q', 1/3)",
        "1 // 0", "1 % 0",
        "math.maxinteger + 1", "#'abc'", "x.y", "print(('%s'):format(P))", "table.concat({1, {}, 3})",
        "local x, x, x = f", "return", "...",
    ]

    /// One or more lines.
    mutating func next() -> String {
        switch random.below(10) {
        case 0...2: return soup(1 + random.below(25))
        case 3: return longLine()
        case 4: return bytes(random.below(80))
        case 5: return random.pick(Self.statements)
        default:
            return mutated(
                (0...random.below(3)).map { _ in random.pick(Self.statements) }.joined(
                    separator: random.pick(["\n", " ", ";"])))
        }
    }

    /// A script: most of its statements are sound, so that some of it runs.
    mutating func script() -> String {
        (0...random.below(5)).map { _ in random.chance(0.15) ? next() : "do " + random.pick(Self.statements) + " end" }
            .joined(separator: "\n")
    }

    private mutating func soup(_ count: Int) -> String {
        (0..<count).map { _ in random.pick(Self.tokens) }.joined(separator: random.chance(0.7) ? " " : "")
    }

    /// Long, or deeply nested, in one of the ways that parsers dislike.
    private mutating func longLine() -> String {
        let count = random.pick([100, 250, 3000, 20_000]) ?? 100
        let part = random.pick([
            "(", "{", "[[", "a.", "f(", "-", "not ", "x = ", "'", "do ", "if x then ", "function() ", "#", "a..", "a^",
            "1,", "x", "\\", ":", "? ",
        ])
        return random.pick(["", "return ", "x = "]) + String(repeating: part, count: count)
    }

    private mutating func bytes(_ count: Int) -> String {
        String(decoding: (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }, as: UTF8.self)
    }

    private mutating func mutated(_ text: String) -> String {
        var characters = Array(text)
        for _ in 0..<random.below(4) where !characters.isEmpty {
            let place = random.below(characters.count)
            switch random.below(4) {
            case 0: characters.remove(at: place)
            case 1: characters.insert(contentsOf: random.pick(Self.tokens), at: place)
            case 2: characters.removeSubrange(place...)
            default: characters.swapAt(place, random.below(characters.count))
            }
        }
        return String(characters)
    }
}
