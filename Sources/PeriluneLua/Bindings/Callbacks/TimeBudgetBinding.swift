internal import PeriluneItems
internal import PeriluneTrain

enum TimeBudgetBinding {
    static let function = CallbackBindings.make(
        "time_budget", [.optional("seconds", .number(.atLeast(0)), "seconds")],
        options: [
            .optional("hours", .number(.atLeast(0)), "hours, which add up with the rest"),
            .optional("minutes", .number(.atLeast(0)), "minutes, likewise"),
        ],
        help: """
            Stops in order when the run has taken so long by the clock: time_budget(3600).
            The time of a resumed run counts from its first beginning.
            lune.time_budget { hours = 1, minutes = 30 }
            """
    ) { arguments in
        var total: Double?
        for (name, unit) in [("hours", 3600.0), ("minutes", 60), ("seconds", 1)] {
            guard let count = try arguments.optionalNumber(name) else { continue }
            total = (total ?? 0) + count * unit
        }
        guard let total else { throw arguments.fault("seconds", "a time expected: seconds, minutes or hours") }
        return try TimeBudget(total)
    }
}
