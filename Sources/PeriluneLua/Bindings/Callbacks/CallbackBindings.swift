internal import PeriluneItems
internal import PeriluneLuaRuntime
internal import PeriluneTrain

/// `lune.callbacks`: what comes with the library, made from the declarations that stand beside the callbacks.
enum CallbackBindings {
    static let functions: [Binding] = {
        let callbacks = CallbackCatalogue.declarations.map { binding($0) }
        // Help lists the loggers before the monitors, whose numbers they write.
        let place = callbacks.firstIndex { $0.name == GradientMonitor.declaration.name } ?? callbacks.endIndex
        let loggers = [
            CSVLoggerBinding.function, JSONLoggerBinding.function, TensorBoardBinding.function,
            RemoteMonitorBinding.function,
        ]
        return callbacks[..<place] + loggers + callbacks[place...]
    }()

    private static func binding(_ declaration: CallbackDeclaration) -> Binding {
        // Scripts have a history itself, and not in a box: what it recorded are its fields.
        if declaration.name == HistoryRecorder.declaration.name {
            return .item(declaration, kind: declaration.name) { history, _ in history }
        }
        // One has an option `name` of its own.
        let isTaken = declaration.parameters.contains { $0.answers(to: "name") }
        let label = Parameter.optional(
            isTaken ? "label" : "name", .string, "what messages call it, and checkpoints know it again by")
        return .item(declaration, kind: CallbackCatalogue.kind, further: [label]) { callback, arguments in
            let given = try arguments.optionalString(label.name)
            return CallbackBox(try given.map { try callback.named($0) } ?? callback)
        }
    }

    static func make(
        _ name: String, _ positional: [Parameter] = [], options: [Parameter] = [], help: String,
        _ body: @escaping @Sendable (Arguments) throws -> any Callback
    ) -> Binding {
        Binding(name, positional, options: options + [.callbackName], result: .host("callback"), help: help) {
            let callback = try body($0)
            let given = try $0.optionalString("name")
            return [.object(CallbackBox(try given.map { try callback.named($0) } ?? callback))]
        }
    }
}

// Options that several callbacks have.
extension Parameter {
    static let callbackName = Parameter.optional(
        "name", .string, "what messages call it, and checkpoints know it again by")
    static let critical = Parameter.optional(
        "critical", .boolean, default: false, "whether a failure of this logger ends the run, and is not only a warning"
    )
    static let every = Parameter.optional(
        "every", everyType, default: 1, "how often: epochs, or { steps = n }, { seconds = x }")
    static let everyType = ParameterType.either(
        .integer(atLeast: 1),
        .record([
            .optional("epochs", .integer(atLeast: 1), "epochs"),
            .optional("steps", .integer(atLeast: 1), "updates of the weights"),
            .optional("seconds", .number(.above(0)), "seconds"),
        ]))
}

extension Arguments {
    /// What the option `every` says.
    func frequency(_ name: String = "every") throws -> Frequency {
        if let epochs = try optionalInteger(name) { return .epochs(epochs) }
        let table = try table(name)
        let given = [
            table["epochs"].integer.map { Frequency.epochs($0) }, table["steps"].integer.map { .steps($0) },
            table["seconds"].number.map { .seconds($0) },
        ].compactMap(\.self)
        guard given.count == 1, let only = given.first else {
            throw fault(name, "one of epochs, steps and seconds expected")
        }
        return only
    }
}
