internal import PeriluneBinding
internal import PeriluneItems
internal import PeriluneTrain

/// The type of what a callback returns.
enum DirectiveStub {
    /// `lune.callback_result`: a word or a table.
    static func resultType(_ names: StubNames) -> String { names.type("callback_result") }

    static func text(_ names: StubNames) -> String {
        var text = """
            --- What a callback wants of the run; what is left out goes on as before.
            ---@class \(names.type("directive"))

            """
        for key in DirectiveKey.allCases {
            text += StubField.line(key.rawValue, key.form.type, isOptional: true, key.form.help)
        }
        for name in hyperparameters where !Directive.keys.contains(name) {
            text += StubField.line(name, "number", isOptional: true, "a hyper-parameter of the optimizer")
        }
        return text + "\n---@alias \(resultType(names)) \(words)|\(names.type("directive"))\n\n"
    }

    /// The directives that are a word alone.
    private static var words: String { Directive.words.map { "\"\($0)\"" }.joined(separator: "|") }

    /// What the optimizers can be told while they run.
    private static var hyperparameters: [String] {
        let optimizers = OptimizerCatalogue.declarations.compactMap { try? $0.make() }
        return Set(optimizers.flatMap(\.names)).sorted()
    }
}
