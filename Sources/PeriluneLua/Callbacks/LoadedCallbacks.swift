internal import PeriluneBinding
internal import PeriluneItems
internal import PeriluneLuaRuntime
internal import PeriluneTrain

/// What a file of callbacks gave when its statements ran: its global functions `on_epoch_end`, … or the callback that
/// it returned, and the tables that stay when it is read again.
struct LoadedCallbacks {
    let callback: any Callback
    /// The file's globals.
    private let globals: LuaTable
    /// The callback that the file returned, where that is a table.
    private let returned: LuaTable?

    /// The global table of a file, and the field of an instance, that stays when the file is read again.
    static let stateName = "state"

    /// Runs a file.
    ///
    /// - Parameters:
    ///   - globals: the table of the chunk's globals.
    ///   - name: what messages call the file.
    ///   - before: what the file gave the last time, whose state goes on.
    /// - Throws: what the statements throw, and `CallbackFault` for anything that is no callback.
    init(
        running chunk: LuaChunk, globals: LuaTable, name: String, mayBeEmpty: Bool = false,
        after before: LoadedCallbacks? = nil, in state: LuaState
    ) throws {
        let kept = before?.globals[Self.stateName].table
        if let kept {
            globals[Self.stateName] = .table(kept)
        } else if globals[Self.stateName].isNil {
            globals[Self.stateName] = .table(state.makeTable())
        }
        let result = try chunk.run().first ?? .nil
        if globals[Self.stateName].isNil { globals[Self.stateName] = .table(kept ?? state.makeTable()) }
        if let kept { try Self.carry(kept, into: globals) }
        self.globals = globals
        returned = result.table
        // An editor empties a file before it writes it anew.
        let hadEvents = before.map { !$0.callback.events.isEmpty } ?? false
        let functions = try CallbackTables.functions(
            of: try globals.entries, name, isScript: true, mayBeEmpty: mayBeEmpty && !hadEvents || !result.isNil)
        guard !result.isNil else {
            callback = LuaCallback(name: name, identity: CallbackIdentity(kind: "callback"), functions: functions)
            return
        }
        if let event = functions.keys.min(by: { $0.rawValue < $1.rawValue }) {
            throw CallbackFault("\(name) returns a callback and defines \(event.name) as well; one of the two will do")
        }
        if let made = CallbackTables.hostCallback(result) {
            if let fault = Nesting(holding: [made.nesting]).fault {
                throw CallbackFault("\(name): callbacks are \(fault)")
            }
            callback = made
        } else if let table = result.table {
            callback = try CallbackTables.callback(table, name: name)
            if let kept = before?.returned?[Self.stateName].table { table[Self.stateName] = .table(kept) }
        } else {
            throw CallbackFault(
                "\(name) returns \(state.shownText(of: result)); a file of callbacks returns a callback")
        }
    }
}

extension LoadedCallbacks {
    /// Goes on with what was kept. A file that says `state = { n = 0 }` says how it begins, and does not want to begin
    /// anew with every edit; its functions may know the new table by a name of their own, so that is the one that
    /// stays.
    private static func carry(_ kept: LuaTable, into globals: LuaTable) throws {
        guard let fresh = globals[stateName].table, !fresh.reference.isSame(as: kept.reference) else { return }
        for (key, value) in try kept.entries { try? fresh.set(key, value) }
    }

    /// The file's global table `state`, and what the callback keeps that it returned.
    var savedState: StateValue {
        get throws {
            guard let state = globals.reference.state else { return .null }
            let table = globals[Self.stateName]
            return [
                "state": table.table == nil ? .null : try state.stateValue(table, path: Self.stateName),
                "callback": try callback.savedState,
            ]
        }
    }

    func restore(_ saved: StateValue, in run: Run) throws {
        if let table = globals[Self.stateName].table, let value = saved["state"] {
            try globals.reference.state?.fill(table, from: value)
        }
        if let value = saved["callback"], value != .null { try callback.restore(value, in: run) }
    }

    func restoreAverage(_ saved: StateValue, in run: Run) throws {
        if let value = saved["callback"], value != .null { try callback.restoreAverage(value, in: run) }
    }
}
