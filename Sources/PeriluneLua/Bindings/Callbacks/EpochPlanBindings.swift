internal import PeriluneItems
internal import PeriluneTrain

/// What changes from epoch to epoch by a plan: `lune.batch_size_schedule { [1] = 32, [5] = 64 }`.
enum EpochPlanBindings {
    static let batchSize = make(
        "batch_size_schedule", "rows a batch", "{ [1] = 32, [5] = 64 }", "Changes the batch size from epochs on."
    ) {
        try BatchSizeSchedule($0)
    }
    static let accumulation = make(
        "gradient_accumulation_schedule", "batches an update", "{ [1] = 1, [5] = 2 }",
        "Changes how many batches make one update, from epochs on."
    ) { try GradientAccumulationSchedule($0) }

    private static func make(
        _ name: String, _ value: String, _ example: String, _ help: String,
        _ body: @escaping @Sendable ([Int: Int]) throws -> any Callback
    ) -> Binding {
        CallbackBindings.make(
            name, [.required("plan", .table, "\(value) by the epoch from which on they hold: \(example)")],
            help: "\(help)\nlune.\(name) \(example)"
        ) { arguments in
            var plan: [Int: Int] = [:]
            for (key, entry) in try arguments.table("plan").entries {
                guard let epoch = key.integer, epoch >= 1, let number = entry.integer, number >= 1 else {
                    throw arguments.fault(
                        "plan",
                        "whole numbers of 1 or more by epoch expected: \(example), got \(key.keyText) = "
                            + entry.briefText)
                }
                plan[epoch] = number
            }
            return try body(plan)
        }
    }
}
