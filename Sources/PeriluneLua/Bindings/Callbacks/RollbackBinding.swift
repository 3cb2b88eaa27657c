internal import PeriluneItems
internal import PeriluneTrain

enum RollbackBinding {
    static let function = CallbackBindings.make(
        "rollback",
        options: [
            .optional("monitor", .string, default: "loss", "what is watched in the logs of batches"),
            .optional(
                "spike", .either(.number(.above(1)), .boolean), default: 3,
                "how many times its running mean makes a spike; false: no value does"),
            .optional("on_nan", .boolean, default: true, "whether to go back on NaN and infinity"),
            .optional(
                "every", Parameter.every.type, default: .shown("{ steps = 50 }"), "how often a good state is kept"),
            .optional("lr_scale", .number, default: 0.5, "what the learning rate is multiplied with each time"),
            .optional("max_times", .integer(atLeast: 0), default: 3, "how many times before it stops the run"),
            .optional("skip", .integer(atLeast: 0), default: 0, "batches after the faulty one to leave out as well"),
            .optional("window", .integer(atLeast: 1), default: 100, "batches that the running mean goes over"),
            .optional("warm_up", .integer(atLeast: 1), default: 10, "batches before a value can be a spike"),
        ],
        help: """
            Goes back to the last good state, which it keeps in memory, when the loss jumps up or is NaN.
            Then it lowers the learning rate and goes on behind the faulty batch.
            lune.rollback { spike = 5, every = { steps = 100 }, max_times = 3 }
            """
    ) { arguments in
        var options = Rollback.Options()
        options.monitor = try arguments.string("monitor")
        if let factor = try arguments.optionalNumber("spike") {
            options.spike = factor
        } else if try arguments.optionalBoolean("spike") == false {
            options.spike = nil
        }
        options.onNaN = try arguments.boolean("on_nan")
        if try arguments.optionalTable("every") != nil || arguments.optionalInteger("every") != nil {
            options.every = try arguments.frequency()
        }
        options.learningRateScale = try arguments.number("lr_scale")
        options.maxTimes = try arguments.integer("max_times")
        options.skip = try arguments.integer("skip")
        options.window = try arguments.integer("window")
        options.warmUp = try arguments.integer("warm_up")
        return try Rollback(options)
    }
}
