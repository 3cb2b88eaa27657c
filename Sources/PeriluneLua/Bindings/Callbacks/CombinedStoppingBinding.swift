internal import PeriluneItems
internal import PeriluneTrain

/// `lune.any { a, b }` and `lune.all { a, b }`
enum CombinedStoppingBinding {
    static let any = make(
        .any,
        """
        Stops when one of several callbacks wants to. What else they want is done as usual.
        lune.any { lune.time_budget(3600), lune.early_stopping { patience = 5 } }
        """)
    static let all = make(
        .all,
        """
        Stops when all of several callbacks have wanted to. A wish holds from when it was made to the end of the run.
        What else the callbacks want is done as usual.
        lune.all { lune.threshold_stopper { threshold = 0.1 }, lune.early_stopping { patience = 5 } }
        """)

    private static func make(_ rule: CombinedStopping.Rule, _ help: String) -> Binding {
        CallbackBindings.make(
            rule.rawValue,
            [.required("callbacks", .callbacks, "a list of callbacks; savers and logs among them have no say")],
            help: help
        ) { try CombinedStopping(rule, $0.callbacks()) }
    }
}
