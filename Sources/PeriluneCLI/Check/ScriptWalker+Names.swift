import Perilune
import PeriluneLuaRuntime

/// Statements that give names a meaning.
extension ScriptWalker {
    /// `function a.b:c() … end`
    mutating func functionStatement() {
        advance()
        let first = advance()
        var path = [first]
        var isMethod = false
        while token.is(".") || token.is(":") {
            isMethod = advance().text == ":"
            path.append(advance())
        }
        if path.count == 1 { assign(first) } else { _ = read(first) }
        if let name = path.last, local(name.text) == nil || path.count > 1 { findings.checkEvent(name) }
        functionBody(isMethod: isMethod)
    }

    mutating func localStatement() {
        advance()
        if accept("function") {
            declare(advance().text)
            return functionBody(isMethod: false)
        }
        var names: [String] = []
        repeat {
            names.append(advance().text)
            if accept("<") {
                advance()
                _ = accept(">")
            }
        } while accept(",")
        let values = accept("=") ? expressions() : []
        for (index, name) in names.enumerated() { declare(name, index < values.count ? values[index] : .unknown) }
    }

    /// An assignment, a call, a label or a lone semicolon.
    mutating func otherStatement() {
        if accept(";") { return }
        if accept("::") {
            advance()
            _ = accept("::")
            return
        }
        var targets = [target()]
        while accept(",") { targets.append(target()) }
        guard accept("=") else { return }
        // A global function `on_…` may also be written as an assignment.
        if let name = targets[0], targets.count == 1, token.is("function") { findings.checkEvent(name) }
        expressions()
        for name in targets { if let name { assign(name) } }
    }

    /// What an assignment assigns to: a lone name is returned, and not read; anything else is an expression.
    private mutating func target() -> LuaToken? {
        let next = ahead(1)
        if token.kind == .name, next.is("=") || next.is(",") { return advance() }
        suffixed()
        return nil
    }

    mutating func functionBody(isMethod: Bool) {
        scoped {
            if isMethod { $0.declare("self") }
            _ = $0.accept("(")
            while $0.token.kind == .name || $0.token.is("...") {
                let parameter = $0.advance()
                if parameter.kind == .name { $0.declare(parameter.text) }
                _ = $0.accept(",")
            }
            _ = $0.accept(")")
            $0.block()
        }
        _ = accept("end")
    }

    /// The value of a name that is read here.
    mutating func read(_ name: LuaToken) -> StaticValue {
        if let value = local(name.text) { return value }
        findings.use(global: name, locals: visibleLocals)
        return name.text == "require" ? .require : .unknown
    }
}
