internal import PeriluneItems
internal import PeriluneTrain

enum StopFileBinding {
    static let function = CallbackBindings.make(
        "stop_file", [.required("path", .string, "the file")],
        options: [
            .optional("seconds", .number(.atLeast(0)), default: 1, "the least time between two looks"),
            .optional("remove", .boolean, default: false, "whether to remove the file when it has stopped the run"),
        ],
        help: """
            Stops in order when a file appears, looked for after batches: touch STOP.
            lune.stop_file("STOP", { remove = true })
            """
    ) { arguments in
        let removes = try arguments.boolean("remove")
        let path = try removes ? arguments.writablePath("path") : arguments.readablePath("path")
        return try StopFile(path, every: arguments.number("seconds"), remove: removes)
    }
}
