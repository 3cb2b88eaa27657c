public import PeriluneItems

/// `CombinedStopping` where all of the callbacks must want to stop.
public enum AllStopping {
    public static let declaration = CallbackDeclaration(
        combining: .all,
        help: """
            Stops when all of several callbacks have wanted to. A wish holds from when it was made to the end of the \
            run.
            What else the callbacks want is done as usual.
            lune.all { lune.threshold_stopper { threshold = 0.1 }, lune.early_stopping { patience = 5 } }
            """)
}
