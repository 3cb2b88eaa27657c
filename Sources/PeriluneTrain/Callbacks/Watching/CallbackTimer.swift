public import PeriluneItems

/// Takes the time of each callback at each event, and shows a table at the end of the run.
///
/// `CallbackList` looks for one when it is made; without one the only cost is the look. What comes after its own turn
/// at the end of the run is not in the table.
///
/// Cost: the clock is read twice for each callback that is asked.
public final class CallbackTimer: Callback {
    public static let declaration = CallbackDeclaration(
        "callback_timer", CallbackTimer(),
        options: [.optional("verbose", \.isVerbose, .verbosity, "whether to show a table at the end")],
        help: """
            Takes the time of each callback at each event: times, a list of { callback, event, calls, seconds }.
            lune.callback_timer()
            """
    ) { CallbackTimer(verbose: try $0[\.isVerbose]) }

    /// Whether to print the table at the end.
    public let isVerbose: Bool
    private let clock: () -> Double
    private var rows: [Row] = []
    /// The rows of a callback, by event.
    private var places: [ObjectIdentifier: [Int]] = [:]
    private var began = 0.0

    /// What one callback took at one event.
    public struct Row: Hashable, Sendable {
        public let callback: String
        public let event: Event
        public internal(set) var calls = 0
        public internal(set) var seconds = 0.0
    }

    /// - Parameter clock: seconds from any moment on.
    public init(verbose: Bool = true, clock: @escaping () -> Double = ProgressBar.monotonic) {
        isVerbose = verbose
        self.clock = clock
    }

    /// The times so far, the longest first.
    public var times: [Row] {
        rows.filter { $0.calls > 0 }.sorted { $0.seconds > $1.seconds }
    }
}

extension CallbackTimer {
    public var name: String { "callback_timer" }
    public var order: CallbackOrder { .saver }
    public var roles: [CallbackRole] { [.timesOthers(self)] }

    public var events: EventSet { [.trainEnd] }

    public func prepare(for run: Run) { (rows, places, began) = ([], [:], clock()) }

    /// Asks `callback` and takes the time, also where it throws.
    func time(_ callback: any Callback, _ context: EventContext) throws -> Directive? {
        let place = row(of: callback, context.event)
        let start = clock()
        defer {
            rows[place].calls += 1
            rows[place].seconds += clock() - start
        }
        return try callback.handle(context.event, context)
    }

    private func row(of callback: any Callback, _ event: Event) -> Int {
        let key = ObjectIdentifier(callback)
        if let known = places[key] { return known[event.rawValue] }
        let first = rows.count
        for event in Event.allCases { rows.append(Row(callback: callback.name, event: event)) }
        places[key] = Event.allCases.map { first + $0.rawValue }
        return first + event.rawValue
    }

    public func onTrainEnd(_ logs: Logs, _ run: Run) -> Directive? {
        if isVerbose { for line in table(total: clock() - began) { run.say(line) } }
        return nil
    }

    private func table(total: Double) -> [String] {
        let heads = ["callback", "event", "calls", "total", "per call", "of the run"]
        let cells = times.map { row in
            [
                row.callback, row.event.name, "\(row.calls)", ProgressLine.stepTime(row.seconds),
                ProgressLine.stepTime(row.seconds / Double(row.calls)),
                total > 0 ? "\((row.seconds / total * 1000).rounded() / 10)%" : "?",
            ]
        }
        let widths = heads.indices.map { column in ([heads] + cells).map { $0[column].count }.max() ?? 0 }
        return ([heads] + cells).map { line in
            let padded = line.indices.map { column in
                let space = String(repeating: " ", count: widths[column] - line[column].count)
                return column < 2 ? line[column] + space : space + line[column]
            }
            return "callback_timer: " + padded.joined(separator: "  ")
        }
    }

    public var report: [String: StateValue] {
        [
            "times": .list(
                times.map {
                    [
                        "callback": .text($0.callback), "event": .text($0.event.name), "calls": .integer($0.calls),
                        "seconds": .number($0.seconds),
                    ]
                }),
            "seconds": .number(rows.reduce(0) { $0 + $1.seconds }),
        ]
    }
}
