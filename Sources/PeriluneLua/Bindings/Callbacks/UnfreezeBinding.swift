internal import PeriluneItems
internal import PeriluneTrain

enum UnfreezeBinding {
    static let function = CallbackBindings.make(
        "unfreeze",
        [
            .required(
                "patterns", .map(.integer(atLeast: 1)),
                "by patterns of layer names, the first epoch in which they train")
        ],
        help: """
            Lets layers train from an epoch on, and freezes them until then.
            lune.unfreeze { ["conv*"] = 4 }
            """
    ) { arguments in
        var epochs: [String: Int] = [:]
        for (key, value) in try arguments.table("patterns").entries {
            if let pattern = key.string, let epoch = value.integer { epochs[pattern] = epoch }
        }
        return try FreezeSchedule(unfreezing: epochs)
    }
}
