/// Decides, run by run, whether a program uses all its threads or the small team.
///
/// Threads that work together wait for the last of them. On a machine that is busy otherwise, the last is one that
/// waits for a processor, and all the others wait with it: then fewer threads are faster. Nothing is tried while the
/// system takes no processor from us, so that a quiet machine pays nothing. What a try may cost is bounded: after one
/// that lost time, there is none for a hundred times as long.
///
/// All times are in nanoseconds, of a clock that does not stop.
struct TeamSizing {
    enum Team: Hashable { case full, small }

    /// How the program ran for a while.
    private struct Span {
        var nanoseconds = 0
        var runs = 0
        var preemptions = 0

        /// Nanoseconds of a run.
        var mean: Double { Double(nanoseconds) / Double(max(1, runs)) }
    }

    /// What the other team is measured against, in nanoseconds of a run; nil while none is tried.
    private var rival: Double?
    private(set) var team = Team.full
    private var span = Span()
    /// When another team may be tried next.
    private var nextTry = 0
    /// How many tries in a row changed nothing.
    private var failures = 0

    /// Longer than the scheduler lets threads take turns, so that both teams meet the same.
    private static let spanNanoseconds = 24_000_000
    /// How many times within a span a processor is taken from us where it is more than chance.
    private static let notablePreemptions = 3
    /// A team has to be that much faster for a change.
    private static let gain = 0.95
    /// What a try may lose before it is broken off.
    private static let bearableLoss = 4_000_000.0
    /// The time between tries, at least, and that many times what the last one lost.
    private static let restNanoseconds = 250_000_000
    private static let restOverLoss = 50.0

    /// Takes note of a run.
    /// - Parameters:
    ///   - nanoseconds: how long it took.
    ///   - preemptions: how often a thread of this process lost its processor meanwhile, and was not done.
    ///   - now: when it ended.
    mutating func record(nanoseconds: Int, preemptions: Int, now: Int) {
        span.nanoseconds += nanoseconds
        span.runs += 1
        span.preemptions += preemptions
        if let rival {
            judge(against: rival, now: now)
        } else if span.nanoseconds >= Self.spanNanoseconds {
            let isTime =
                switch team {
                case .full: span.preemptions >= Self.notablePreemptions && now >= nextTry
                case .small: now >= nextTry
                }
            if isTime {
                rival = span.mean
                team = team.other
            }
            span = Span()
        }
    }

    /// Ends a try once it is decided: the team that is tried stays, or the one before comes back.
    private mutating func judge(against rival: Double, now: Int) {
        let loss = Double(span.nanoseconds) - rival * Double(span.runs)
        guard loss > Self.bearableLoss || span.nanoseconds >= Self.spanNanoseconds else { return }
        let nextLoss: Double
        if span.mean < rival * Self.gain {
            failures = 0
            // To try the other again takes a run at least.
            nextLoss = rival - span.mean
        } else {
            team = team.other
            failures = min(failures + 1, 4)
            nextLoss = max(0, loss)
        }
        nextTry = now + max(Self.restNanoseconds << max(0, failures - 1), Int(nextLoss * Self.restOverLoss))
        self.rival = nil
        span = Span()
    }
}

extension TeamSizing.Team {
    var other: Self {
        switch self {
        case .full: .small
        case .small: .full
        }
    }
}
