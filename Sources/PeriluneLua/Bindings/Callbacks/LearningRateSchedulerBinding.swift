internal import PeriluneTrain

enum LearningRateSchedulerBinding {
    static let function = CallbackBindings.make(
        "learning_rate_scheduler",
        [.required("schedule", .function, "takes the epoch, from 1, and the learning rate; returns the new one")],
        options: [.verbose], help: "Sets the learning rate at the beginning of each epoch by a function.",
        scheduler)

    private static func scheduler(_ arguments: Arguments) throws -> any Callback {
        let schedule = try arguments.function("schedule")
        return LearningRateScheduler(verbose: try arguments.verbose()) { epoch, rate in
            let returned = try schedule.call(.integer(epoch), .number(rate)).first ?? .nil
            guard let new = returned.number else {
                throw CallbackFault(
                    "\(schedule.place?.prefix ?? "")the schedule must return a number, got \(returned.briefText)")
            }
            return new
        }
    }
}
