internal import PeriluneItems
internal import PeriluneLoggers
internal import PeriluneTrain

enum JSONLoggerBinding {
    static let function = CallbackBindings.make(
        "json_logger", [.required("path", .string, aliases: ["filename"], "the file")],
        options: [
            .every, .optional("append", .boolean, default: false, "whether to go on with a file that is there"),
            .critical,
        ],
        help: """
            Writes a line of JSON for each epoch; with every = { steps = n } or { seconds = x } for batches, too.
            Numbers that JSON lacks are the strings "NaN", "Infinity" and "-Infinity". A resumed run goes on after the
            line of its checkpoint.
            lune.json_logger("runs/log.jsonl", { every = { steps = 100 } })
            """
    ) {
        try JSONLogger(
            $0.writablePath("path"), every: $0.frequency(), append: $0.boolean("append"),
            critical: $0.boolean("critical"))
    }
}
