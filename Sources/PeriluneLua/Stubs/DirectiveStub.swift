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
        for key in Directive.keys {
            let (type, help) = types[key] ?? ("any", "")
            text += StubField.line(key, type, isOptional: true, help)
        }
        for name in hyperparameters where !Directive.keys.contains(name) {
            text += StubField.line(name, "number", isOptional: true, "a hyper-parameter of the optimizer")
        }
        return text + "\n---@alias \(resultType(names)) \(words)|\(names.type("directive"))\n\n"
    }

    /// The directives that are a word alone.
    private static var words: String { Directive.words.map { "\"\($0)\"" }.joined(separator: "|") }

    private static let types: [String: (type: String, help: String)] = [
        "stop": ("boolean|string", "stop after this batch or epoch; a string is the reason"),
        "now": ("boolean", "with stop: leave out the validation that is due"),
        "lr": ("number", "the learning rate from the next step on; replaces a schedule"),
        "learning_rate": ("number", "the same as lr"),
        "lr_scale": ("number", "multiplies the learning rate, or what the schedule gives"),
        "skip": ("boolean", "on_train_batch_begin: leave out this batch; on_backward_end: this update"),
        "end_epoch": ("boolean", "end this epoch, validate, go on with the next"),
        "validate": ("boolean", "run validation now"),
        "freeze": ("string|string[]", "patterns of the names of layers that no longer train"),
        "unfreeze": ("string|string[]", "patterns of the names of layers that train again"),
        "epochs": ("integer", "the number of the last epoch, from the next epoch on"),
        "batch_size": ("integer", "rows a batch, from the next epoch on"),
        "accumulate": ("integer", "batches whose gradients make one update, from the next epoch on"),
        "log": ("table<string, number|boolean>", "written to the logs of the event"),
        "save": ("string", "a file or folder to write a checkpoint to, between batches"),
        "restore": (
            "\"best\"|\"last\"|string|integer|{ from: string|integer, weights_only?: boolean }",
            "the checkpoint to go back to: weights and the optimizer's memory"
        ),
        "pause": ("boolean", "open the prompt within the run"),
    ]

    /// What the optimizers can be told while they run.
    private static var hyperparameters: [String] {
        guard let state = try? LuaState(libraries: .none) else { return [] }
        let optimizers = OptimizerBindings.names.compactMap { try? OptimizerBindings.named($0, in: state) }
        return Set(optimizers.flatMap(\.names)).sorted()
    }
}
