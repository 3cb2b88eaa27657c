internal import PeriluneGraph
internal import PeriluneItems
internal import PeriluneTrain

enum LearningRateSchedulerBinding {
    static let function = CallbackBindings.make(
        "learning_rate_scheduler",
        [
            .required(
                "schedule", .either(.function, .host("schedule")),
                "takes the epoch or step, from 1, and the learning rate; returns the new one. Or one of lune.schedules")
        ],
        options: [.judgedEvery, .verbose],
        help: """
            Sets the learning rate at the beginning of each epoch, or before each step, by a function.
            lune.learning_rate_scheduler(function(epoch, lr) return epoch < 10 and lr or lr * 0.9 end)
            """
    ) { arguments in
        let every = try arguments.frequency()
        let verbose = try arguments.verbose()
        if let box = try arguments.optionalHost("schedule", ScheduleClass.Box.self) {
            let schedule = box.value
            // Schedules count from 0.
            return try LearningRateScheduler(every: every, verbose: verbose) { index, _ in
                schedule.value(at: index - 1)
            }
        }
        let schedule = try arguments.function("schedule")
        return try LearningRateScheduler(every: every, verbose: verbose) { index, rate in
            try schedule.number(for: index, .number(rate))
        }
    }
}

extension LuaFunction {
    /// What a schedule of a script gives for an epoch or step: a number, or a tensor of one.
    func number(for index: Int, _ value: LuaValue) throws -> Double {
        let returned = try call(.integer(index), value).first ?? .nil
        if let number = returned.number { return number }
        if let tensor = try returned.object(as: LuaTensor.self)?.value, tensor.shape.elementCount == 1,
            let number = tensor.floats.first
        {
            return Double(number)
        }
        let message = "the schedule must return a number, got \(returned.briefText)"
        guard let place else { throw CallbackFault(message) }
        throw LuaError(.host, place.prefix + message, script: place.script, line: place.line)
    }
}
