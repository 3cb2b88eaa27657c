public import PeriluneItems

/// `FreezeSchedule` the other way round: layers that train from an epoch on.
public enum Unfreeze {
    public static let declaration = CallbackDeclaration(
        "unfreeze", try FreezeSchedule(unfreezing: ["*": 1]),
        positional: [
            .required(
                "patterns", \.unfreezing, .map(.count(atLeast: 1)),
                "by patterns of layer names, the first epoch in which they train")
        ],
        help: """
            Lets layers train from an epoch on, and freezes them until then.
            lune.unfreeze { ["conv*"] = 4 }
            """,
        isDescribed: { $0.name == "unfreeze" }
    ) { try FreezeSchedule(unfreezing: $0[\.unfreezing]) }
}

extension FreezeSchedule {
    /// The first epoch in which layers train.
    fileprivate var unfreezing: [String: Int] { epochs.values.mapValues { $0.upperBound + 1 } }
}
