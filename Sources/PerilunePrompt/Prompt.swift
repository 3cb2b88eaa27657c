internal import PeriluneItems
public import PeriluneLuaRuntime

/// Evaluates what a person types, line by line, in a Lua state.
///
/// What an expression gives is shown, unless a semicolon ends it. Locals last: they belong to the prompt, and all
/// prompts of a state share them. Results are kept as `ans`, `_` and `Out[n]`.
public final class Prompt: PromptTarget {
    public let state: LuaState
    /// Takes text to show, whole lines with their ends.
    public var output: (String) -> Void
    /// Takes errors to show, likewise; nil sends them to `output`.
    public var errorOutput: ((String) -> Void)?
    /// Names that lines see in front of the globals: `run`, `model`, …
    public var values: [String: LuaValue] = [:] {
        didSet { environment?.set(values) }
    }
    /// Commands beside those that every prompt has.
    public var commands: [PromptCommand] = []
    /// What the place can show that `output` writes to.
    public var style = PromptStyle.plain
    private var environment: PromptEnvironment?
    /// The input that is being carried out.
    private(set) var evaluating = ""

    public init(_ state: LuaState, output: @escaping (String) -> Void) {
        self.state = state
        self.output = output
    }

    public func evaluate(_ text: String) -> PromptOutcome {
        let outer = evaluating
        evaluating = text
        defer { evaluating = outer }
        do {
            let outcome = try carryOut(text)
            if outcome == .done { state.promptMemory.keep(input: text) }
            return outcome
        } catch {
            show(error)
            return .failed
        }
    }

    private func carryOut(_ text: String) throws -> PromptOutcome {
        switch try PromptInput(text, self) {
        case .nothing: return .done
        case .command(let command, let rest):
            guard rest.isEmpty || !command.parameters.isEmpty else {
                throw PromptFault("\(command.name) takes nothing, got '\(rest)'")
            }
            return try command.body(rest, self)
        case .remark(let text):
            output(style.colored(text, .note) + "\n")
            return .done
        case .help(let topic):
            output(try helpText(topic))
            return .done
        case .lua(let code): return try run(code)
        }
    }

    /// Runs Lua and shows what it gives.
    func run(_ code: String) throws(LuaError) -> PromptOutcome {
        let environment = try names()
        let source = PromptSource(code, in: environment, state)
        switch source.reading {
        case .incomplete: return .incomplete
        case .wrong(let error): throw error
        case .ready(let chunk):
            show(try environment.run(chunk), isQuiet: source.isQuiet)
            return .done
        }
    }

    /// What names mean here.
    func names() throws(LuaError) -> PromptEnvironment {
        if let environment { return environment }
        let made = try PromptEnvironment(state)
        made.set(values)
        environment = made
        return made
    }

    /// Shows values and keeps the first.
    func show(_ results: [LuaValue], isQuiet: Bool = false) {
        guard let first = results.first else { return }
        var mark = ""
        if !first.isNil {
            let number = state.promptMemory.keep(first)
            if style.showsNumbers, first.isWorthANumber { mark = "Out[\(number)] " }
        }
        guard !isQuiet else { return }
        for value in results {
            var room = style
            room.width -= mark.count
            output(style.colored(mark, .note) + ValuePrinter(state, room).text(value) + "\n")
            mark = ""
        }
    }

    /// Shows what went wrong: message, the line and a caret where it is known, and the script's calls.
    func show(_ error: any Error) {
        let write = errorOutput ?? output
        guard let error = error as? LuaError else { return write(style.colored("\(error)", .error) + "\n") }
        let trimmed = PromptTrace.trimmed(error)
        var lines = [style.colored(trimmed.message + nameHint(for: trimmed), .error)]
        if let excerpt = trimmed.excerpt { lines.append(excerpt) }
        if !trimmed.traceback.isEmpty { lines.append(style.colored("stack traceback:\n" + trimmed.traceback, .note)) }
        write(lines.joined(separator: "\n") + "\n")
    }
}

extension LuaValue {
    /// Whether one may want the value again: what is no plain number, string or boolean.
    fileprivate var isWorthANumber: Bool {
        switch self {
        case .nil, .boolean, .integer, .number, .string, .bytes: false
        case .table, .function, .object, .other: true
        }
    }
}
