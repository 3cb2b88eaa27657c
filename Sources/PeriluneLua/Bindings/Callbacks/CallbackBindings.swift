internal import PeriluneBinding
internal import PeriluneItems
internal import PeriluneLoggers
internal import PeriluneLuaRuntime
internal import PeriluneTrain

/// `lune.callbacks`: what comes with the library, made from the declarations that stand beside the callbacks.
enum CallbackBindings {
    static let functions: [Binding] = {
        let callbacks = CallbackCatalogue.declarations.map { binding($0) }
        // Help lists the loggers before the monitors, whose numbers they write.
        let place = callbacks.firstIndex { $0.name == GradientMonitor.declaration.name } ?? callbacks.endIndex
        return callbacks[..<place] + LoggerCatalogue.declarations.map { binding($0) } + callbacks[place...]
    }()

    private static func binding(_ declaration: CallbackDeclaration) -> Binding {
        // Scripts have a history itself, and not in a box: what it recorded are its fields.
        if declaration.name == HistoryRecorder.declaration.name {
            return .item(declaration, kind: declaration.name, adapt: adapt) { history, _ in history }
        }
        return .item(
            declaration, kind: CallbackCatalogue.kind, further: [label(of: declaration)], adapt: adapt
        ) { callback, arguments in
            let given = try arguments.optionalString(label(of: declaration).name)
            return CallbackBox(try given.map { try callback.named($0) } ?? callback)
        }
    }

    /// One has an option `name` of its own.
    private static func label(of declaration: CallbackDeclaration) -> Parameter {
        declaration.parameters.contains { $0.answers(to: "name") } ? .callbackLabel : .callbackName
    }

    /// Tables of functions are callbacks too, and a function may stand for a schedule or a plan.
    private static let adapt: OptionAdapter = { parameter, arguments in
        if parameter.type.isCallbacks { return .list(try arguments.callbacks().map { .made($0) }) }
        return try arguments.value(parameter.name).function.map { .made(GivenFunction(function: $0)) }
    }
}

// What every callback takes.
extension Parameter {
    static let callbackName = labelled("name")
    fileprivate static let callbackLabel = labelled("label")

    private static func labelled(_ option: String) -> Self {
        .optional(option, .string, "what messages call it, and checkpoints know it again by")
    }
}
