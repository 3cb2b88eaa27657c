import Perilune
import PeriluneLuaRuntime

/// Looks for mistakes in one script without running it.
struct ScriptCheck {
    private let source: ScriptSource

    init(_ source: ScriptSource) {
        self.source = source
    }

    /// Prints what is found to standard error, `script:line: what`, and returns how many findings there are.
    func report() throws -> Int {
        let state = try LuaState()
        var text: String?
        do throws(LuaError) {
            // Lua's own parser judges the syntax.
            if source.isStandardInput {
                let input = TextFile.readStandardInput()
                text = input
                _ = try state.load(text: input, name: "stdin")
            } else {
                text = TextFile.read(source.name)
                _ = try source.load(into: state)
            }
        } catch {
            Standard.error([error.message, error.excerpt].compactMap { $0 }.joined(separator: "\n").withoutControls)
            return 1
        }
        let name = source.isStandardInput ? "stdin" : source.name
        let findings = Self.findings(in: text ?? "", libraryNames: Set(try state.globals.fieldNames + ["arg"]))
        for finding in findings { Standard.error("\(name):\(finding.line): \(finding.text)") }
        return findings.count
    }

    /// What is wrong with a script that Lua can parse, in the order of its lines.
    static func findings(in text: String, libraryNames: Set<String>) -> [(line: Int, text: String)] {
        let known = ScriptFindings(module: PeriluneModule.binding, libraryNames: libraryNames)
        var walker = ScriptWalker(LuaLexer.tokens(of: text), known)
        walker.walk()
        walker.findings.finish()
        return walker.findings.entries.enumerated()
            .sorted { ($0.element.line, $0.offset) < ($1.element.line, $1.offset) }.map(\.element)
    }
}
