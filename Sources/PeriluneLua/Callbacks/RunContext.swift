internal import PeriluneTrain

/// A run in progress, and what sending its events to the callbacks of one Lua state needs.
///
/// All callbacks of an event see one logs table, which is made anew only where somebody changed the logs in between.
final class RunContext {
    let box: LuaRun
    /// By `Event.rawValue`; several where callbacks add logs of their own along the list.
    private var tables: [[LogsTable]]

    /// More kinds of logs than that in one event, and the oldest is given up.
    private static let mostTables = 8
    /// Numbers of the logs that are whole.
    static let wholeKeys: Set = ["step", "epoch", "size"]

    /// A channel, and which logs it shows.
    private struct LogsTable {
        let channel: LuaEventChannel
        var event = -1
        var version = -1
    }

    init(_ box: LuaRun) {
        self.box = box
        tables = Array(repeating: [], count: Event.allCases.count)
    }

    /// The channel for an event, ready to be sent to a handler.
    func channel(for context: EventContext, in state: LuaState) throws(LuaError) -> LuaEventChannel {
        let (logs, kind) = (context.logs, context.event.rawValue)
        let names = logs.names
        let index = try index(of: names, kind, in: state)
        let channel = tables[kind][index].channel
        let (event, version) = (context.run.eventNumber, logs.version)
        if tables[kind][index].event != event || tables[kind][index].version != version || channel.hasChanges {
            tables[kind][index].event = event
            tables[kind][index].version = version
            if names.isEmpty { channel.begin() } else { channel.begin(logs.values) }
        }
        return channel
    }

    private func index(of names: [String], _ kind: Int, in state: LuaState) throws(LuaError) -> Int {
        // By index: iterators allocate where nothing is optimized.
        for index in tables[kind].indices where tables[kind][index].channel.keys == names { return index }
        if tables[kind].count == Self.mostTables { tables[kind].removeFirst() }
        let channel = try LuaEventChannel(state, keys: names, integers: Self.wholeKeys, run: .object(box))
        tables[kind].append(LogsTable(channel: channel))
        return tables[kind].count - 1
    }
}

extension Session {
    /// What the callbacks of this state share of a run, for as long as one of them keeps it.
    func context(for run: Run) throws -> RunContext {
        if let known = contexts.lazy.compactMap(\.context).first(where: { $0.box.run === run }) { return known }
        let context = try RunContext(object(for: run))
        contexts.removeAll { $0.context == nil }
        contexts.append(WeakContext(context: context))
        return context
    }
}
