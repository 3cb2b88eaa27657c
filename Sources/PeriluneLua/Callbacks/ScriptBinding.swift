internal import PeriluneBinding
internal import PeriluneItems
internal import PeriluneLuaRuntime
internal import PeriluneTrain

/// `lune.script("callbacks.lua")`
enum ScriptBinding {
    static let function = Binding(
        "script", [.required("path", .string, "the file")],
        options: [
            .optional(
                "reload", .boolean, default: false,
                "whether to read the file again before an epoch when it has changed; "
                    + "a broken edit keeps the old version"
            ), .callbackName,
        ], result: .host("callback"),
        help: """
            A file as a callback: its global functions on_epoch_end, … handle the events, or it returns a callback: a
            table of functions, an instance of a class, lune.on(…).
            The file has globals of its own, and sees those of the script that loads it. Its global table `state`, and
            self.state of an instance, stay when it is read again and go into checkpoints; state = { n = 0 } in the file
            says how it begins.
            """
    ) { arguments in
        let callback = try ScriptCallback(
            path: arguments.readablePath("path"), reloads: arguments.boolean("reload"), in: arguments.state)
        let name = try arguments.optionalString("name")
        return [.object(CallbackBox(try name.map { try callback.named($0) } ?? callback))]
    }
}
