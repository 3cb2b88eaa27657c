public import PeriluneItems

/// Ends the run in order when it has taken so long, by the clock on the wall: after the batch in progress, with
/// validation and the end of the epoch as usual.
///
/// The time of a resumed run counts from its first beginning. A run that the budget has ended goes on when it is
/// resumed with a larger one.
public final class TimeBudget: Callback {
    public static let declaration = CallbackDeclaration(
        "time_budget", try TimeBudget(1),
        positional: [.alternative("seconds", \.wholeTime, .number(.atLeast(0)), "seconds")],
        options: [
            .alternative("hours", \.hours, .number(.atLeast(0)), "hours, which add up with the rest"),
            .alternative("minutes", \.minutes, .number(.atLeast(0)), "minutes, likewise"),
        ],
        help: """
            Stops in order when the run has taken so long by the clock: time_budget(3600).
            The time of a resumed run counts from its first beginning.
            lune.time_budget { hours = 1, minutes = 30 }
            """
    ) { options in
        let given = [
            try options[\.hours].map { $0 * 3600 }, try options[\.minutes].map { $0 * 60 }, try options[\.wholeTime],
        ].compactMap(\.self)
        guard !given.isEmpty else { throw options.fault("seconds", "a time expected: seconds, minutes or hours") }
        return try TimeBudget(given.reduce(0, +))
    }

    // The whole time is told in seconds.
    private var wholeTime: Double? { seconds }
    private var minutes: Double? { nil }
    private var hours: Double? { nil }

    /// Above 0.
    public let seconds: Double
    /// Whether the budget has ended the run.
    public private(set) var isSpent = false

    /// - Throws: `TrainingError` unless `seconds` is finite and above 0.
    public init(_ seconds: Double) throws(TrainingError) {
        try OptionCheck("time_budget").positive("seconds", seconds)
        self.seconds = seconds
    }

    public var name: String { "time_budget" }
    public var identity: CallbackIdentity { CallbackIdentity(kind: name, details: "\(seconds)") }

    public var events: EventSet { [.trainBegin, .trainBatchEnd] }

    public func prepare(for run: Run) { isSpent = false }

    public func onTrainBegin(_ logs: Logs, _ run: Run) -> Directive? { check(run) }

    public func onTrainBatchEnd(_ batch: Int, _ logs: Logs, _ run: Run) -> Directive? { check(run) }

    private func check(_ run: Run) -> Directive? {
        guard !isSpent, run.elapsed >= seconds else { return nil }
        isSpent = true
        return .stop(reason)
    }

    private static let words = "the time is up"
    private var reason: String { "\(Self.words): the budget was \(ProgressLine.duration(seconds))" }

    public var report: [String: StateValue] { ["seconds": .number(seconds), "spent": .boolean(isSpent)] }

    public var savedState: StateValue { ["spent": .boolean(isSpent)] }

    public func restore(_ state: StateValue, in run: Run) {
        guard state["spent"]?.boolean == true else { return }
        if run.elapsed < seconds { run.cancelStop(for: Self.words) }
        // Where nothing stops the run any more, this is asked anew.
        isSpent = run.requests.stop != nil
    }
}

extension Run {
    /// Takes back the stop that a checkpoint kept, where its reason begins like this: what ended the earlier run no
    /// longer holds.
    func cancelStop(for words: String) {
        if requests.stop?.reason?.hasPrefix(words) == true { cancelStop() }
    }
}
