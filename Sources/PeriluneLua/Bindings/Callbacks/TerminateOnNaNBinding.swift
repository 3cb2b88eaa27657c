internal import PeriluneItems
internal import PeriluneTrain

enum TerminateOnNaNBinding {
    static let function = CallbackBindings.make(
        "terminate_on_nan",
        options: [
            .optional(
                "raise", .boolean, default: false, aliases: ["raise_error"], "whether it is an error instead of a stop"),
            .optional(
                "metrics", .either(.enumeration(["all"]), .list(.string, 1 ... .max)),
                default: .shown("{ \"loss\" }"), "names of the quantities to watch, or \"all\""),
        ],
        help: """
            Stops when a loss is NaN or infinite, or another quantity that it watches.
            lune.terminate_on_nan { metrics = { "loss", "val_loss" } }
            """
    ) { arguments in
        let names = try arguments.list("metrics").compactMap(\.string)
        let watched: TerminateOnNaN.Watched =
            try arguments.optionalString("metrics") != nil ? .all : .named(names.isEmpty ? ["loss"] : names)
        return TerminateOnNaN(raiseError: try arguments.boolean("raise"), watching: watched)
    }
}
