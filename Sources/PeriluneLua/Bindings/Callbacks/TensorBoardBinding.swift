internal import PeriluneTrain

enum TensorBoardBinding {
    static let function = CallbackBindings.make(
        "tensorboard", [.optional("log_dir", .string, default: "logs", "the folder for train and validation")],
        options: [
            .optional(
                "update_freq", .either(.enumeration(["epoch"]), .integer(atLeast: 1)), default: "epoch",
                "when scalars are written: at ends of epochs, or after each n-th step too"),
            .optional(
                "histogram_freq", .integer(atLeast: 0), default: 0, "histograms of the weights every so many epochs"),
            .optional(
                "write_steps_per_second", .boolean, default: false, "whether to write how many steps a second there are"
            ),
            .critical,
        ],
        help: """
            Writes event files for TensorBoard, with Keras's folders and tags: epoch_loss, batch_loss, epoch_learning_rate.
            lune.tensorboard("runs/a", { update_freq = 100, histogram_freq = 1 })
            """
    ) { arguments in
        let frequency = try arguments.optionalInteger("update_freq").map { TensorBoard.UpdateFrequency.steps($0) }
        return try TensorBoard(
            arguments.writablePath("log_dir"), updateFrequency: frequency ?? .epoch,
            histogramFrequency: arguments.integer("histogram_freq"),
            writeStepsPerSecond: arguments.boolean("write_steps_per_second"), critical: arguments.boolean("critical"))
    }
}
