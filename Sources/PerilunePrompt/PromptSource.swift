internal import PeriluneLuaRuntime

/// A piece of Lua that was typed, ready to run, or what is wrong with it.
struct PromptSource {
    enum Reading {
        case ready(LuaChunk)
        /// More lines have to follow.
        case incomplete
        case wrong(LuaError)
    }

    let reading: Reading
    /// Whether its values are not to be shown: it ends with a semicolon.
    let isQuiet: Bool

    /// Takes text for an expression first, then for statements, as the lua program does.
    init(_ text: String, in environment: PromptEnvironment, _ state: LuaState) {
        var (code, mustBeExpression) = (text, false)
        let tokens = LuaLexer.tokens(of: text, isScript: false)
        if let first = tokens.first, first.is("=") {
            code = text.replacingByte(at: first.range.lowerBound, with: " ")
            mustBeExpression = true
        } else if tokens.first?.is("#") == true {
            // A first line with `#` would be left out.
            mustBeExpression = true
        }
        isQuiet = tokens.dropLast().last?.is(";") == true
        let asExpression = Self.load("return " + code, in: environment, state)
        guard case .failure(var expressionError) = asExpression else {
            reading = asExpression.reading
            return
        }
        expressionError.showLine(of: text)
        let asStatement: Result<LuaChunk, LuaError> =
            mustBeExpression ? .failure(expressionError) : Self.load(code, in: environment, state)
        switch asStatement {
        case .success: reading = Self.statement(code, in: environment, state)
        case .failure(let error):
            let fault =
                switch Self.intent(tokens) {
                case .expression: expressionError
                case .statement: error
                case .either: Self.better(error, expressionError)
                }
            reading = fault.isUnfinished(text) ? .incomplete : .wrong(fault)
        }
    }

    /// Statements that Lua can parse, with the locals taken out of them.
    private static func statement(_ code: String, in environment: PromptEnvironment, _ state: LuaState) -> Reading {
        let locals = TopLevelLocals(code)
        environment.declare(locals.names)
        return load(locals.text, in: environment, state).reading
    }

    private static func load(
        _ code: String, in environment: PromptEnvironment, _ state: LuaState
    ) -> Result<LuaChunk, LuaError> {
        do throws(LuaError) {
            let chunk = try state.load(text: code, name: PromptTrace.name)
            environment.adopt(chunk)
            return .success(chunk)
        } catch {
            return .failure(error)
        }
    }

    private enum Intent {
        case expression, statement, either
    }

    /// What the text was meant as, going by how it begins.
    private static func intent(_ tokens: [LuaToken]) -> Intent {
        guard let first = tokens.first else { return .statement }
        switch first.kind {
        case .name: return .either
        case .number, .string: return .expression
        case .symbol: return first.text == "(" ? .either : [";", "::"].contains(first.text) ? .statement : .expression
        case .keyword:
            if first.text == "function" { return tokens[1].is("(") ? .expression : .statement }
            return ["nil", "true", "false", "not"].contains(first.text) ? .expression : .statement
        case .end: return .statement
        }
    }

    /// The error that says more: what was meant as an expression fails as a statement at its very beginning.
    private static func better(_ statement: LuaError, _ expression: LuaError) -> LuaError {
        let failsAtStart =
            statement.message.contains(": syntax error near ")
            || statement.message.contains(": unexpected symbol near ")
        return failsAtStart && !expression.message.contains("<eof> expected near") ? expression : statement
    }
}

extension Result<LuaChunk, LuaError> {
    fileprivate var reading: PromptSource.Reading {
        switch self {
        case .success(let chunk): .ready(chunk)
        case .failure(let error): .wrong(error)
        }
    }
}

extension LuaError {
    /// Whether the text ends where more was to come. A string that its line ends can never be finished, unless a
    /// backslash takes it into the next one.
    fileprivate func isUnfinished(_ text: String) -> Bool {
        guard kind == .syntax, message.hasSuffix("near <eof>") else { return false }
        return !message.contains(": unfinished string near") || text.hasSuffix("\\")
    }

    /// The excerpt shows what was typed, and not what was made of it.
    fileprivate mutating func showLine(of text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let line, lines.indices.contains(line - 1) else { return }
        excerpt = LuaSource.excerpt(String(lines[line - 1]), line: line, message: message)
    }
}

extension String {
    fileprivate func replacingByte(at position: Int, with byte: Unicode.Scalar) -> String {
        var bytes = Array(utf8)
        bytes[position] = UInt8(ascii: byte)
        return String(decoding: bytes, as: UTF8.self)
    }
}
