public import PeriluneItems

/// `CombinedStopping` where one of the callbacks must want to stop.
public enum AnyStopping {
    public static let declaration = CallbackDeclaration(
        combining: .any,
        help: """
            Stops when one of several callbacks wants to. What else they want is done as usual.
            lune.any { lune.time_budget(3600), lune.early_stopping { patience = 5 } }
            """)
}
