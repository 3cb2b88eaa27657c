internal import PeriluneItems
internal import PeriluneTrain

enum FreezeScheduleBinding {
    static let function = CallbackBindings.make(
        "freeze_schedule",
        [
            .required(
                "patterns",
                .map(
                    .record([
                        .optional("from", .integer(atLeast: 1), default: 1, "the first epoch"),
                        .optional("to", .integer(atLeast: 1), default: .shown("the last"), "the last epoch"),
                    ])), "by patterns of layer names, the epochs through which they stay as they are")
        ],
        help: """
            Freezes layers for some epochs.
            lune.freeze_schedule { ["conv*"] = { from = 1, to = 3 } }
            """
    ) { arguments in
        var epochs: [String: ClosedRange<Int>] = [:]
        for (key, value) in try arguments.table("patterns").entries {
            guard let pattern = key.string, let table = value.table else { continue }
            let (from, to) = (table["from"].integer ?? 1, table["to"].integer ?? .max)
            guard from <= to else {
                throw arguments.fault("patterns", "'from' of '\(pattern)' is \(from), after 'to', which is \(to)")
            }
            epochs[pattern] = from...to
        }
        return try FreezeSchedule(epochs)
    }
}
