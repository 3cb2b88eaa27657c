import Perilune
import PeriluneLuaRuntime

/// Goes through a script once, as the parser does, and knows at every name what it stands for.
struct ScriptWalker {
    let tokens: [LuaToken]
    var position = 0
    /// The locals in sight, innermost scope last.
    private var scopes: [[String: StaticValue]] = [[:]]
    var findings: ScriptFindings

    init(_ tokens: [LuaToken], _ findings: ScriptFindings) {
        self.tokens = tokens
        self.findings = findings
    }

    var token: LuaToken { tokens[position] }

    /// The next token but `offset`.
    func ahead(_ offset: Int) -> LuaToken { tokens[min(position + offset, tokens.count - 1)] }

    @discardableResult
    mutating func advance() -> LuaToken {
        defer { position = min(position + 1, tokens.count - 1) }
        return token
    }

    /// Takes the next token if it is `word`.
    mutating func accept(_ word: String) -> Bool {
        guard token.is(word) else { return false }
        advance()
        return true
    }

    mutating func scoped(_ body: (inout ScriptWalker) -> Void) {
        scopes.append([:])
        body(&self)
        scopes.removeLast()
    }

    mutating func declare(_ name: String, _ value: StaticValue = .unknown) {
        scopes[scopes.count - 1][name] = value
    }

    /// The innermost local of this name, or nil for a global.
    func local(_ name: String) -> StaticValue? {
        for scope in scopes.reversed() {
            if let value = scope[name] { return value }
        }
        return nil
    }

    var visibleLocals: [String] { scopes.flatMap { $0.keys.sorted() } }

    /// Notes that `name` got a new value, about which nothing is known.
    mutating func assign(_ name: LuaToken) {
        guard let index = scopes.lastIndex(where: { $0[name.text] != nil }) else {
            findings.define(global: name.text)
            return
        }
        scopes[index][name.text] = .unknown
    }

    // MARK: Statements

    mutating func walk() {
        block()
    }

    private static let blockEnds: Set = ["end", "else", "elseif", "until"]

    mutating func block() {
        while token.kind != .end, !(token.kind == .keyword && Self.blockEnds.contains(token.text)) {
            let before = position
            statement()
            // Whatever this walk does not understand, it must come to an end.
            if position == before { advance() }
        }
    }

    private mutating func statement() {
        guard token.kind == .keyword else { return otherStatement() }
        switch token.text {
        case "do", "while", "for", "repeat", "if": compound()
        case "function": functionStatement()
        case "local": localStatement()
        case "return":
            advance()
            if token.kind != .end, !token.is(";"), !Self.blockEnds.contains(token.text) || token.kind != .keyword {
                expressions()
            }
        case "goto":
            advance()
            advance()
        case "break": advance()
        default: otherStatement()
        }
    }

    private mutating func compound() {
        switch advance().text {
        case "do":
            scoped { $0.block() }
        case "while":
            expression()
            _ = accept("do")
            scoped { $0.block() }
        case "repeat":
            scoped {
                $0.block()
                _ = $0.accept("until")
                $0.expression()
            }
            return
        case "for": return forStatement()
        default:
            repeat {
                expression()
                _ = accept("then")
                scoped { $0.block() }
            } while accept("elseif")
            if accept("else") { scoped { $0.block() } }
        }
        _ = accept("end")
    }

    private mutating func forStatement() {
        var names = [advance().text]
        while accept(",") { names.append(advance().text) }
        if !accept("=") { _ = accept("in") }
        expressions()
        _ = accept("do")
        scoped {
            for name in names { $0.declare(name) }
            $0.block()
        }
        _ = accept("end")
    }
}
