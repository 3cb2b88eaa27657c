internal import PeriluneTrain

/// `lune.script("callbacks.lua")`
enum ScriptBinding {
    static let function = Binding(
        "script", [.required("path", .string, "the file")],
        options: [
            .optional(
                "reload", .boolean, default: false,
                "whether to read the file again between epochs when it has changed; a broken edit keeps the old version"
            )
        ], result: .host("callback"),
        help: """
            A file as a callback: its global functions on_epoch_end, … handle the events.
            The file has globals of its own, and sees those of the script that loads it.
            """
    ) { arguments in
        let callback = try ScriptCallback(
            path: arguments.string("path"), reloads: arguments.boolean("reload"), in: arguments.state)
        return [.object(CallbackBox(callback))]
    }
}
