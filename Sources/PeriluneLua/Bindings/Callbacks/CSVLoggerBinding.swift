internal import PeriluneItems
internal import PeriluneLoggers
internal import PeriluneTrain

enum CSVLoggerBinding {
    static let function = CallbackBindings.make(
        "csv_logger", [.required("path", .string, aliases: ["filename"], "the file")],
        options: [
            .optional("separator", .string, default: ",", "what separates cells"),
            .optional("append", .boolean, default: false, "whether to go on with a file that is there"),
            .critical,
        ],
        help: """
            Writes a line of a CSV file for each epoch. A resumed run goes on after the line of its checkpoint.
            lune.csv_logger("runs/log.csv", { append = true })
            """
    ) {
        try CSVLogger(
            $0.writablePath("path"), separator: $0.string("separator"), append: $0.boolean("append"),
            critical: $0.boolean("critical"))
    }
}
