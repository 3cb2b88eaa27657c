import Perilune
import PeriluneBinding

/// Expressions. Operators are of no interest: what stands between them is.
extension ScriptWalker {
    private static let binary: Set = [
        "+", "-", "*", "/", "//", "%", "^", "..", "==", "~=", "<", "<=", ">", ">=", "and", "or", "&", "|", "~", "<<",
        ">>",
    ]

    @discardableResult
    mutating func expressions() -> [StaticValue] {
        var values = [expression()]
        while accept(",") { values.append(expression()) }
        return values
    }

    @discardableResult
    mutating func expression() -> StaticValue {
        var value = operand()
        while token.kind == .symbol || token.kind == .keyword, Self.binary.contains(token.text) {
            advance()
            operand()
            value = .unknown
        }
        return value
    }

    private static let constants: [String: Literal] = ["true": .boolean(true), "false": .boolean(false), "nil": .null]

    @discardableResult
    private mutating func operand() -> StaticValue {
        if token.is("-") {
            advance()
            guard case .literal(.number(let number)) = operand() else { return .unknown }
            return .literal(.number(-number))
        }
        if token.is("not") || token.is("#") || token.is("~") {
            advance()
            operand()
            return .unknown
        }
        switch token.kind {
        case .name: return suffixed()
        case .string: return .text(advance().text)
        case .number:
            // Numbers in other forms, with an exponent of two, are rare.
            return Double(advance().text).map { .literal(.number($0)) } ?? .unknown
        case .end:
            advance()
            return .unknown
        case .symbol where token.is("("): return suffixed()
        case .symbol where token.is("{"): return .table(table())
        case .keyword where token.is("function"):
            advance()
            functionBody(isMethod: false)
            return .literal(.function)
        case .keyword where Self.constants[token.text] != nil:
            return .literal(Self.constants[advance().text] ?? .unknown)
        case .symbol, .keyword:
            advance()
            return .unknown
        }
    }

    /// A name or a parenthesis, and the fields, indices and calls behind it.
    @discardableResult
    mutating func suffixed() -> StaticValue {
        var value: StaticValue
        if accept("(") {
            value = expression()
            _ = accept(")")
        } else {
            value = read(advance())
        }
        let line = token.line
        while true {
            if token.is("."), ahead(1).kind == .name {
                advance()
                value = findings.field(advance(), of: value)
            } else if accept("[") {
                expression()
                _ = accept("]")
                value = .unknown
            } else if token.is(":"), ahead(1).kind == .name {
                advance()
                let method = findings.method(advance(), of: value)
                value = findings.call(method, arguments(), line)
            } else if token.is("(") || token.is("{") || token.kind == .string {
                value = findings.call(value, arguments(), line)
            } else {
                return value
            }
        }
    }

    private mutating func arguments() -> [StaticValue] {
        if token.kind == .string { return [.text(advance().text)] }
        if token.is("{") { return [.table(table())] }
        _ = accept("(")
        let values = token.is(")") ? [] : expressions()
        _ = accept(")")
        return values
    }

    private mutating func table() -> StaticTable {
        var table = StaticTable()
        _ = accept("{")
        while token.kind != .end, !token.is("}") {
            if token.kind == .name, ahead(1).is("=") {
                let name = advance()
                advance()
                table.fields.append((name.text, name.line))
                if token.is("function") { findings.checkEvent(name) }
                table.entries.append(Literal.Entry(name.text, expression().literal))
            } else if accept("[") {
                let key = expression()
                _ = accept("]")
                _ = accept("=")
                let value = expression()
                // Of other keys nothing is known.
                if case .text(let name) = key { table.entries.append(Literal.Entry(name, value.literal)) }
            } else {
                table.entries.append(Literal.Entry(nil, expression().literal))
            }
            if !accept(",") { _ = accept(";") }
        }
        _ = accept("}")
        return table
    }
}
