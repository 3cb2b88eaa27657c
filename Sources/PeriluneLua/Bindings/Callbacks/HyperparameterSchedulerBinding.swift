internal import PeriluneItems
internal import PeriluneTrain

enum HyperparameterSchedulerBinding {
    static let function = CallbackBindings.make(
        "hyperparameter_scheduler",
        [
            .required("name", .string, "a hyper-parameter of the optimizer: \"momentum\", \"weight_decay\", …"),
            .required(
                "schedule", .function,
                "takes the epoch or step, from 1, and the value, nil where it is off; returns the new one"),
        ],
        options: [.judgedEvery, .verbose],
        help: """
            Sets a hyper-parameter at the beginning of each epoch, or before each step, by a function.
            lune.hyperparameter_scheduler("momentum", function(epoch, value) return math.min(0.99, value + 0.01) end)
            """
    ) { arguments in
        let schedule = try arguments.function("schedule")
        return try HyperparameterScheduler(
            arguments.string("name"), every: arguments.frequency(), verbose: arguments.verbose()
        ) { index, value in
            try schedule.number(for: index, value.map { .number($0) } ?? .nil)
        }
    }
}
