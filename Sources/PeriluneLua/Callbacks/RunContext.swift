internal import PeriluneLuaRuntime
internal import PeriluneTrain

/// A run in progress, and what sending its events to the callbacks of one Lua state needs.
///
/// All callbacks of an event see one logs table, which is made anew only where the logs were changed in between.
final class RunContext {
    let run: Run
    let box: LuaRun
    /// Whether another run of the same scripts went on when this one began.
    let isNested: Bool
    private let budget: ScriptBudget
    /// By `Event.rawValue`: the table that was used last, which nearly always is the one for the next.
    private var latest: [LogsTable?]
    /// All of them; several of an event where callbacks add logs of their own along the list.
    private var tables: [[LogsTable]]

    /// More kinds of logs than that in one event, and the oldest is given up.
    private static let mostTables = 8
    /// Numbers of the logs that are whole.
    static let wholeKeys: Set = ["step", "epoch", "size"]

    /// A channel, and which logs it shows.
    private final class LogsTable {
        let channel: LuaEventChannel
        private var shown = (event: -1, version: -1)

        init(_ channel: LuaEventChannel) { self.channel = channel }

        func show(_ logs: Logs, event: Int) {
            let current = (event: event, version: logs.version)
            guard shown != current || channel.hasChanges else { return }
            shown = current
            if channel.keys.isEmpty { channel.begin() } else { channel.begin(logs.values) }
        }
    }

    init(_ box: LuaRun, _ budget: ScriptBudget, isNested: Bool) {
        run = box.run
        self.budget = budget
        self.box = box
        self.isNested = isNested
        latest = Array(repeating: nil, count: Event.allCases.count)
        tables = Array(repeating: [], count: Event.allCases.count)
    }

    /// What the history keeps of logs that scripts added, in bytes.
    private var charge: MemoryCharge?
    private var addedLogs: Set<String> = []

    /// Counts a number that a script added to the logs: it stays until the run is forgotten.
    /// - Throws: where the script may not have so much memory.
    func keep(log name: String) throws {
        // A column has a value for each epoch, whether or not one was added in all of them.
        let cost = addedLogs.insert(name).inserted ? 128 + name.utf8.count + 16 * run.epoch : 16
        if let charge { try charge.grow(by: cost) } else { charge = try budget.charge(cost) }
    }

    /// The channel for an event, ready to be sent to a handler.
    func channel(for context: EventContext, in state: LuaState) throws(LuaError) -> LuaEventChannel {
        let table = try table(of: context.logs.names, context.event.rawValue, in: state)
        table.show(context.logs, event: context.run.eventNumber)
        return table.channel
    }

    private func table(of names: [String], _ kind: Int, in state: LuaState) throws(LuaError) -> LogsTable {
        if let table = latest[kind], table.channel.keys == names { return table }
        // By index: iterators allocate where nothing is optimized.
        for index in tables[kind].indices where tables[kind][index].channel.keys == names {
            latest[kind] = tables[kind][index]
            return tables[kind][index]
        }
        let channel = try LuaEventChannel(state, keys: names, integers: Self.wholeKeys, run: .object(box))
        if tables[kind].count == Self.mostTables { tables[kind].removeFirst() }
        let table = LogsTable(channel)
        tables[kind].append(table)
        latest[kind] = table
        return table
    }
}

extension Session {
    /// What the callbacks of this state share of a run, for as long as one of them keeps it.
    func context(for run: Run) throws -> RunContext {
        let box = try object(for: run)
        if let known = box.context { return known }
        let others = runs.map(\.run) + hostRuns.compactMap { $0.run?.run }.filter { $0.endReason == nil }
        let context = RunContext(box, budget, isNested: others.contains { $0 !== run })
        box.context = context
        return context
    }
}
